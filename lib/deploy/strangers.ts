import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Owner } from "../hypervisor/hypervisor.ts";
import type { Lab } from "../lab/lab.ts";
import type { DeployHost } from "./hosts.ts";
import type { IntendedObject } from "./journal.ts";
import { pathOf } from "./locate-terraform.ts";

/**
 * Looks for objects under the names that an apply is about to use. Nothing is ever adopted by its name: whoever made it would lose it at our next destroy.
 *
 * @returns one STRANGER for each, saying whose it is
 */
export async function findStrangers(
  lab: Lab,
  intended: readonly IntendedObject[],
  hosts: readonly DeployHost[],
  deployment: string,
): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const host of hosts) {
    const here = intended.filter((object) => object.host === host.name);
    if (here.length === 0) continue;
    const [sandboxes, networks] = await Promise.all([host.hypervisor.listSandboxes(), host.hypervisor.listNetworks()]);
    const taken = {
      domain: new Map(sandboxes.map((one) => [one.name, one.owner])),
      network: new Map(networks.map((one) => [one.name, one.owner])),
    };
    const bridges = new Map(
      networks.flatMap(({ bridge, name, owner }) => (bridge === undefined ? [] : [[bridge, { name, owner }] as const])),
    );
    for (const object of here) {
      if (object.kind !== "domain" && object.kind !== "network") continue;
      if (taken[object.kind].has(object.name)) {
        const owner = taken[object.kind].get(object.name);
        // One of ours is replaced by this apply: Terraform removes it first.
        if (owner?.deployment !== deployment) found.push(stranger(lab, object, owner));
      }
    }
    for (const network of Object.values(lab.networks)) {
      // A bridge of the host is for everybody.
      if (network.bridge === undefined || network.mode === "bridged") continue;
      const other = bridges.get(network.bridge);
      const object = here.find((candidate) => candidate.address.endsWith(`.network_${network.host}_${network.name}`));
      if (other && object && other.owner?.deployment !== deployment && other.name !== object.name) {
        found.push({
          ...stranger(lab, object, other.owner),
          summary: `bridge "${network.bridge}" is taken on host "${host.name}" by network "${other.name}"`,
        });
      }
    }
  }
  return found;
}

function stranger(lab: Lab, object: IntendedObject, owner: Owner | undefined): Diagnostic {
  const noun = object.kind === "domain" ? "sandbox" : "network";
  const whose = owner === undefined ? "was not made by Terrarium" : `belongs to deployment ${owner.deployment} of lab "${owner.lab}"`;
  return {
    code: "STRANGER",
    severity: "error",
    path: pathOf(object.address, lab),
    summary: `host "${object.host}" already has a ${noun} named "${object.name}", and it ${whose}`,
    nextStep:
      owner === undefined
        ? "Rename the lab, or remove that object yourself if nobody needs it."
        : `Destroy that deployment from where it was applied, or rename this lab. If its .terrarium folder is lost: terrarium prune --deployment ${owner.deployment}`,
  };
}
