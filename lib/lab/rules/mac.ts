import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { LabSandbox } from "../lab.ts";
import type { Path } from "../path.ts";
import type { NicDraft } from "../sandbox-nics.ts";

/** Checks that a written MAC, in lower case, is one that a NIC can have. libvirt keeps `fe` for the host's side of its NICs. */
export function checkMac(mac: string, sandbox: string, path: Path): Diagnostic[] {
  const why = !/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac)
    ? "is not six bytes in hexadecimal with colons"
    : Number.parseInt(mac.slice(0, 2), 16) % 2 === 1
      ? "is a multicast address"
      : mac === "00:00:00:00:00:00"
        ? "is the address of nobody"
        : mac.startsWith("fe:")
          ? "starts with fe, which libvirt keeps for itself"
          : undefined;
  if (why === undefined) return [];
  const summary = `MAC ${JSON.stringify(mac)} of sandbox "${sandbox}" ${why}`;
  return [
    {
      code: "INVALID_MAC",
      severity: "error",
      path,
      summary,
      nextStep: 'Write one such as "02:00:00:00:00:05", or leave it out: one is planned.',
    },
  ];
}

/**
 * Checks that no written MAC is another NIC's on the same host, written or planned.
 *
 * Reports `DUPLICATE_MAC` where it is written.
 */
export function checkMacs(sandboxes: readonly Pick<LabSandbox, "name" | "host" | "nics">[], drafts: readonly NicDraft[]): Diagnostic[] {
  const written = drafts.filter(({ mac }) => mac !== undefined);
  if (written.length === 0) return [];
  const hosts = new Map(sandboxes.map(({ name, host }) => [name, host]));
  const key = (host: string | undefined, mac = ""): string => `${host ?? ""} ${mac}`;
  const users = new Map<string, string[]>();
  for (const { name, host, nics } of sandboxes)
    for (const { mac } of nics) users.set(key(host, mac), [...(users.get(key(host, mac)) ?? []), name]);
  return written.flatMap(({ sandbox, mac, macPath = [] }): Diagnostic[] => {
    const all = users.get(key(hosts.get(sandbox), mac)) ?? [];
    if (all.length < 2) return [];
    const other = all.find((name) => name !== sandbox);
    return [
      {
        code: "DUPLICATE_MAC",
        severity: "error",
        path: macPath,
        summary: `MAC ${mac} of sandbox "${sandbox}" is ${other === undefined ? "on another of its NICs" : `that of "${other}"`}, too`,
        nextStep: "Give each NIC its own; copies take theirs from `forEach`: `mac: ${each:mac}`. Or leave it out: one is planned.",
      },
    ];
  });
}
