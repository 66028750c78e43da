import type { Cidr } from "../../units/cidr.ts";

/** Default number of reservations of a network, and that of a sandbox's own network. */
export const defaultReserve = 32;
export const ownReserve = 1;

/** The gateway is the host's own address, the first one. */
export const gatewayIndex = 1;

/**
 * Index of the first reserved address. From /26 on the first ten stay free for addresses that people choose (`10.20.0.5` for the database);
 * smaller blocks cannot afford that and begin right after the gateway.
 */
export function firstReservedIndex({ prefix }: { readonly prefix: number }): number {
  return prefix <= 26 ? 10 : 2;
}

/** How many addresses a block can reserve at most: the broadcast address is none of them. */
export function largestReserve(cidr: Cidr): number {
  return Math.max(0, cidr.size - 1 - firstReservedIndex(cidr));
}

/** The longest prefix, 24 at most, whose block can reserve that many. */
export function prefixForReserve(reserve: number): number {
  let prefix = 24;
  while (2 ** (32 - prefix) - 1 - firstReservedIndex({ prefix }) < reserve) prefix--;
  return prefix;
}
