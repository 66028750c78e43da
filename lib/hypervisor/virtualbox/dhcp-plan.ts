import type { Cidr } from "../../units/cidr.ts";

/** Addresses of a network that VirtualBox itself needs. */
export interface DhcpPlan {
  /** The DHCP server's own: it stands beside the gateway, which is a program of its own. */
  readonly server: string;
  /** What is given to NICs without a reservation. */
  readonly lower: string;
  readonly upper: string;
}

/**
 * Chooses, from the top, the DHCP server's address and the largest free run below it for NICs without a reservation. Reserved addresses are in neither. Pure.
 *
 * @param reserved addresses in the network
 * @returns undefined if all its addresses are reserved
 */
export function planDhcp(cidr: Cidr, gateway: string, reserved: readonly string[]): DhcpPlan | undefined {
  const taken = new Set([gateway, ...reserved].map((address) => cidr.indexOf(address)));
  const last = cidr.size - 2;
  let server = last;
  while (server > 0 && taken.has(server)) server -= 1;
  if (server < 1) return undefined;
  // The largest run of free addresses below; of equal ones the highest.
  const bounds = [...taken, server]
    .filter((index) => index !== undefined && index >= 0 && index <= last)
    .toSorted((a, b) => (a ?? 0) - (b ?? 0)) as number[];
  let best: readonly [number, number] = [server, server];
  let from = 1;
  for (const index of [...bounds, last + 1]) {
    if (index - from > 0 && index - from >= best[1] - best[0] + (best[0] === server ? 0 : 1)) best = [from, index - 1];
    from = Math.max(from, index + 1);
  }
  return { server: cidr.at(server), lower: cidr.at(best[0]), upper: cidr.at(best[1]) };
}
