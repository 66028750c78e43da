import type { Cidr } from "../../units/cidr.ts";

/** Addresses of a network that VirtualBox itself needs. */
export interface DhcpPlan {
  /** The DHCP server's own: it stands beside the gateway, which is a program of its own. */
  readonly server: string;
  /**
   * Index of the address under which a NAT network shows the host's 127.0.0.1. VirtualBox takes 2 by itself, which is the first sandbox's. Undefined if no address is left for it.
   */
  readonly loopback?: number;
  /** What is given to NICs without a reservation. */
  readonly lower: string;
  readonly upper: string;
}

/**
 * Chooses, from the top, the DHCP server's address, that of the host's loopback, and the largest free run for NICs without a reservation. Reserved addresses are in none of them. Pure.
 *
 * @param reserved addresses in the network
 * @returns undefined if all its addresses are reserved
 */
export function planDhcp(cidr: Cidr, gateway: string, reserved: readonly string[]): DhcpPlan | undefined {
  const taken = new Set([gateway, ...reserved].flatMap((address) => cidr.indexOf(address) ?? []));
  const last = cidr.size - 2;
  const highestFree = (): number | undefined => {
    for (let index = last; index > 0; index -= 1) if (!taken.has(index)) return index;
    return undefined;
  };
  const server = highestFree();
  if (server === undefined) return undefined;
  taken.add(server);
  const loopback = highestFree();
  if (loopback !== undefined) taken.add(loopback);
  const [lower, upper] = largestRun(taken, last) ?? [server, server];
  return { server: cidr.at(server), ...(loopback === undefined ? {} : { loopback }), lower: cidr.at(lower), upper: cidr.at(upper) };
}

/** The longest run of indexes from 1 to `last` that are not taken; of equal ones the highest. */
function largestRun(taken: ReadonlySet<number>, last: number): readonly [number, number] | undefined {
  let best: readonly [number, number] | undefined;
  let from = 1;
  for (const index of [...taken, last + 1].filter((one) => one >= 1 && one <= last + 1).toSorted((a, b) => a - b)) {
    if (index > from && (best === undefined || index - 1 - from >= best[1] - best[0])) best = [from, index - 1];
    from = index + 1;
  }
  return best;
}
