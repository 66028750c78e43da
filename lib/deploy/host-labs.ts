import type { Hypervisor, Owner, SandboxState } from "../hypervisor/hypervisor.ts";

/** What one deployment has on a host. */
export interface HostLab {
  readonly deployment: string;
  readonly lab: string;
  readonly sandboxes: readonly { readonly id: string; readonly name: string; readonly nameOnHost: string; readonly state: SandboxState }[];
  readonly networks: readonly { readonly id: string; readonly name: string; readonly nameOnHost: string }[];
  /** Names of its storage pools. */
  readonly pools: readonly string[];
}

/** Where our pools are on a libvirt host: nothing else is taken for one. */
const poolsDirectory = "/var/lib/terrarium/pools/";

/** All deployments on a host, told by what we wrote into the metadata of their objects; objects of others are not looked at further. */
export async function listHostLabs(hypervisor: Pick<Hypervisor, "listSandboxes" | "listNetworks" | "listPools">): Promise<HostLab[]> {
  const [sandboxes, networks, pools] = await Promise.all([hypervisor.listSandboxes(), hypervisor.listNetworks(), hypervisor.listPools()]);
  const labs = new Map<
    string,
    { lab: string; sandboxes: HostLab["sandboxes"][number][]; networks: HostLab["networks"][number][]; pools: string[] }
  >();
  const of = ({ deployment, lab }: Pick<Owner, "deployment" | "lab">) => {
    const found = labs.get(deployment) ?? { lab, sandboxes: [], networks: [], pools: [] };
    labs.set(deployment, found);
    return found;
  };
  for (const { owner, id, name, state } of sandboxes)
    if (owner) of(owner).sandboxes.push({ id, name: owner.name, nameOnHost: name, state });
  for (const { owner, id, name } of networks) if (owner) of(owner).networks.push({ id, name: owner.name, nameOnHost: name });
  for (const { name, path } of pools) {
    // A pool has no metadata: its name `<lab>-<deployment>` and its place tell.
    const [, lab, deployment] = /^([a-z0-9-]+)-([0-9a-f]{16})$/.exec(name) ?? [];
    // VirtualBox has no pools: its driver tells folders of ours.
    const ours = path?.startsWith(poolsDirectory) === true || path?.endsWith(`/pools/${name}`) === true;
    if (lab !== undefined && deployment !== undefined && ours) of({ deployment, lab }).pools.push(name);
  }
  return [...labs]
    .map(([deployment, found]) => ({ deployment, ...found }))
    .sort((one, other) => (one.lab === other.lab ? compare(one.deployment, other.deployment) : compare(one.lab, other.lab)));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : 1;
}
