import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Lab } from "../lab/lab.ts";
import { checkWorld } from "../world/check-world.ts";
import { readWorld } from "../world/read-world.ts";
import type { World } from "../world/world.ts";
import type { DeployHost } from "./hosts.ts";

/** Looks at the hosts that a lab uses, all at a time. */
export async function readWorlds(lab: Pick<Lab, "hosts" | "hypervisor">, hosts: readonly DeployHost[]): Promise<World[]> {
  const used = hosts.filter(({ name }) => lab.hosts[name]?.inUse);
  return await Promise.all(
    used.map(({ name, hypervisor, isHere, namespace }) =>
      readWorld({
        host: name,
        hypervisor: lab.hypervisor,
        isHere,
        ...(namespace !== undefined && { namespace }),
        listNetworks: () => hypervisor.listNetworks(),
        libvirtVersion: async () => (await hypervisor.readHost()).libraryVersion,
      }),
    ),
  );
}

/** What the hosts have against a lab, before anything is made. */
export async function worldFindings({
  lab,
  hosts,
  deployment,
  applied,
}: {
  readonly lab: Lab;
  readonly hosts: readonly DeployHost[];
  readonly deployment: string;
  readonly applied?: Lab;
}): Promise<Diagnostic[]> {
  const worlds = await readWorlds(lab, hosts);
  return worlds.flatMap((world) => checkWorld(lab, world, deployment, applied));
}
