import type { Lab, LabNetwork } from "../lab/lab.ts";
import { nameOnHost } from "../lab/lab.ts";
import type { KnownNetwork, World } from "./world.ts";

/** What rules look at: a lab, and a host without what the lab itself has there already. */
export interface WorldCheck {
  readonly lab: Lab;
  readonly world: World;
  /** Networks of the lab on this host. */
  readonly networks: readonly CheckedNetwork[];
  /** The lab as it was applied: its sandboxes have their ports. */
  readonly applied?: Lab;
}

export interface CheckedNetwork extends LabNetwork {
  /** True if it is there as the lab has it: what is in its way now came later, and stops nobody. */
  readonly isThere: boolean;
}

/**
 * Takes out of a host what belongs to a deployment: its networks, their bridges, and the routes to them.
 *
 * @param deployment id of what was applied @default - none: everything is somebody else's
 * @param applied the lab as it was applied @default - it was not
 */
export function worldOfOthers(lab: Lab, world: World, deployment: string | undefined, applied?: Lab): WorldCheck {
  const own = new Map<string, KnownNetwork>();
  for (const network of world.networks) {
    if (deployment !== undefined && network.owner?.deployment === deployment) own.set(network.owner.name, network);
  }
  const networks = Object.values(lab.networks)
    .filter(({ host }) => host === world.host)
    .map((network): CheckedNetwork => {
      const there = own.get(network.name);
      const isThere = there !== undefined && there.active && (network.gateway === undefined || hasGateway(there, network.gateway));
      return { ...network, isThere };
    });
  // One of the same name that is not ours stops an apply by itself, and says whose it is: its addresses and bridge, mostly the same, are not told as well.
  const names = new Set(networks.map(({ name }) => nameOnHost(lab, name)));
  const left = world.networks.filter((network) => [...own.values()].includes(network) || names.has(network.name));
  const bridges = new Set(left.flatMap(({ bridge }) => (bridge === undefined ? [] : [bridge])));
  return {
    lab,
    networks,
    ...(applied && { applied }),
    world: {
      ...world,
      links: world.links.filter(({ name }) => !bridges.has(name)),
      routes: world.routes.filter(({ device }) => device === undefined || !bridges.has(device)),
      networks: world.networks.filter((network) => !left.includes(network)),
    },
  };
}

function hasGateway({ blocks }: KnownNetwork, gateway: string): boolean {
  return blocks.some((block) => block.startsWith(`${gateway}/`));
}

/** True for a network that has an address on the host and a bridge there: that of libvirt's networks beside bridged ones and bare wires. */
export function isOnHost({ mode, gateway }: LabNetwork): boolean {
  return mode !== "bridged" && mode !== "none" && gateway !== undefined;
}
