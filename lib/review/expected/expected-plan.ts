import type { Lab, LabNetwork, LabSandbox } from "../../lab/lab.ts";
import type { Plan, ResourceChange } from "../../terraform/plan.ts";
import type { Placed } from "../sandbox-differences.ts";
import { libvirtSandbox } from "./libvirt-sandbox.ts";
import { networkEffect } from "./network-settings.ts";
import { planWith, replaced, resourceChange } from "./resource.ts";
import { terrariumSandbox } from "./terrarium-sandbox.ts";

/**
 * The plan that Terraform would make for `head` where `base` was applied, as far as verdicts look at it: no state, no host, no synthesis. Both labs are for the same provider and
 * hypervisor; running sandboxes are assumed, and secrets that are what they were. Absent `base`: everything is created; absent `head`: destroyed.
 *
 * Pure. `test/review/expected` holds it against plans from real syntheses, `test/integration/tools/review` against real Terraform.
 */
export function expectedPlan({ base, head }: { readonly base?: Lab; readonly head?: Lab }): Plan {
  const provider = (head ?? base)?.provider ?? "libvirt";
  const made = new Set<string>();
  const changes: ResourceChange[] = keysOf(base?.networks, head?.networks).map((key) => {
    const [before, after] = [base && side(base, base.networks[key]), head && side(head, head.networks[key])];
    const effect = before && after ? networkEffect(before, after) : "none";
    if (effect === "replace") made.add(key);
    const { host = "", name = "" } = after?.network ?? before?.network ?? {};
    return resourceChange(
      { type: `${provider}_network`, name: `network_${host}_${name}`, before: before && { name }, after: after && { name } },
      effect === "replace" ? replaced : effect === "update" ? ["update"] : ["no-op"],
    );
  });
  const [old, current] = [placedSandboxes(base), placedSandboxes(head)];
  for (const key of new Set([...old.keys(), ...current.keys()])) {
    const [before, after] = [old.get(key), current.get(key)];
    const { host = "", name = "" } = (after ?? before)?.sandbox ?? {};
    const id = `${host}_${name}`;
    changes.push(
      ...(provider === "libvirt"
        ? libvirtSandbox(id, before, after)
        : terrariumSandbox(id, before, after, (network) => made.has(`${host}/${network}`))),
    );
  }
  return planWith(changes);
}

function keysOf(...maps: readonly (Readonly<Record<string, unknown>> | undefined)[]): string[] {
  return [...new Set(maps.flatMap((map) => Object.keys(map ?? {})))];
}

function side(lab: Lab, network: LabNetwork | undefined): { lab: Lab; network: LabNetwork } | undefined {
  return network && { lab, network };
}

/** By host and name: one that moves is destroyed in one place and made in the other. */
function placedSandboxes(lab: Lab | undefined): Map<string, Placed> {
  const sandboxes: LabSandbox[] = Object.values(lab?.sandboxes ?? {});
  return new Map(sandboxes.map((sandbox) => [`${sandbox.host}/${sandbox.name}`, { lab: lab as Lab, sandbox }]));
}
