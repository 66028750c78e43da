import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { Cidr } from "../../units/cidr.ts";
import { entryOf } from "../entry-of.ts";
import { BlockSet } from "../plan/block-set.ts";
import { freeBlock, plannedPool } from "../plan/plan-blocks.ts";
import type { Attachment, WrittenLab } from "../written-lab.ts";
import type { OverlaidNetwork, Overlay } from "./overlay.ts";

/** Name of a second copy of a lab: its objects, its state and its planned addresses go by it. */
export function instanceName(lab: string, instance: string): string {
  return `${lab}-${instance}`;
}

/**
 * Where the networks of a second copy lie whose blocks are written: blocks of the same size that its own name points to. Pure.
 *
 * @param before what the copy has already, which stays
 */
export function instanceOverlay({ networks = {} }: WrittenLab, name: string, before: Overlay = { networks: {} }): Overlay {
  const taken = new BlockSet<string>();
  const overlaid: Record<string, OverlaidNetwork> = { ...before.networks };
  for (const [network, { cidr: text, mode = "nat" }] of Object.entries(networks).sort(([one], [other]) => (one < other ? -1 : 1))) {
    const written = text === undefined || mode === "bridged" || mode === "none" ? undefined : Cidr.tryParse(text);
    if (written === undefined || written.prefix < plannedPool.prefix) continue;
    const had = Cidr.tryParse(entryOf(before.networks, network)?.cidr ?? "");
    const kept = had?.prefix === written.prefix && !taken.overlapping(had) ? had : undefined;
    const block = kept ?? freeBlock(name, network, written.prefix, taken);
    if (block === undefined) continue;
    taken.add(block, network);
    overlaid[network] = { ...overlaid[network], cidr: block.toString() };
  }
  return { networks: overlaid };
}

/** What cannot be there twice: a state, and addresses and MACs in a network that others are in, too. Pure. */
export function checkInstance(written: WrittenLab, name: string): Diagnostic[] {
  const { networks = {}, sandboxes, profiles = {}, defaults = {} } = written;
  const places: readonly (readonly [path: readonly string[], attachments: readonly Attachment[] | undefined])[] = [
    [["defaults"], "networks" in defaults ? defaults.networks : undefined],
    ...Object.entries(profiles).map(([key, profile]) => [["profiles", key], profile.networks] as const),
    ...Object.entries(sandboxes).map(([key, sandbox]) => [["sandboxes", key], sandbox.networks] as const),
  ];
  const backend: Diagnostic[] =
    written.backend === undefined
      ? []
      : [
          {
            code: "INSTANCE_CONFLICT",
            severity: "error",
            path: ["backend"],
            summary: `"${name}" would have its state where the lab has its own: in the backend that the lab names`,
            nextStep: "Leave `backend` out for a second copy, whose state is then beside the lab.",
          },
        ];
  const addresses = places.flatMap(([path, attachments = []]) =>
    attachments.flatMap((attachment, index): Diagnostic[] => {
      if (typeof attachment === "string" || entryOf(networks, attachment.name)?.mode !== "bridged") return [];
      const { ip, ips, mac } = attachment;
      const fixed = ip !== undefined || ips !== undefined ? "address" : mac === undefined ? undefined : "MAC";
      if (fixed === undefined) return [];
      return [
        {
          code: "INSTANCE_CONFLICT",
          severity: "error",
          path: [...path, "networks", index],
          summary: `"${name}" would have the ${fixed} ${String(ip ?? ips?.[0] ?? mac)} in bridged network "${attachment.name}" a second time`,
          nextStep: `Leave the ${fixed === "MAC" ? "`mac`" : "`ip`"} out, take it from a variable (\`--var\`), or run the lab without --instance.`,
        },
      ];
    }),
  );
  return [...backend, ...addresses, ...fixedPorts(written, name)];
}

/** A port of the host is there once; planned ones (`auto`) go by the copy's own name. */
function fixedPorts({ sandboxes, profiles = {} }: WrittenLab, name: string): Diagnostic[] {
  const all = [
    ...Object.entries(profiles).map((entry) => ["profiles", ...entry] as const),
    ...Object.entries(sandboxes).map((entry) => ["sandboxes", ...entry] as const),
  ];
  return all.flatMap(([section, key, { forward = [] }]) =>
    forward.flatMap(({ host = "auto" }, index): Diagnostic[] =>
      host === "auto"
        ? []
        : [
            {
              code: "INSTANCE_CONFLICT",
              severity: "error",
              path: [section, key, "forward", index, "host"],
              summary: `"${name}" would have port ${host} of the host a second time`,
              nextStep:
                "Write `host: auto`, which gives each copy its own, or take the port from a variable (`--var`) and leave --instance out.",
            },
          ],
    ),
  );
}
