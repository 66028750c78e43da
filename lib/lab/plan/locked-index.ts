import { Cidr } from "../../units/cidr.ts";
import { entryOf } from "../entry-of.ts";
import type { LabLock } from "../lock/lab-lock.ts";
import type { AddressRequest, NetworkRequest } from "./plan-requests.ts";

/**
 * The index of the address that the lock has for a NIC. Where the network's block was changed in the lab, the host part stays: `.17` of the
 * old block is `.17` of the new one.
 *
 * @returns undefined if the lock has none, or none that the block can give
 */
export function lockedIndex(request: AddressRequest, { own }: NetworkRequest, cidr: Cidr, lock: LabLock | undefined): number | undefined {
  const { sandbox, network, ordinal } = request;
  const address = entryOf(entryOf(lock?.sandboxes, sandbox)?.addresses, network)?.[ordinal];
  const locked = entryOf(lock?.networks, network);
  if (address === undefined || locked?.own !== own) return undefined;
  const index = Cidr.tryParse(locked.cidr)?.indexOf(address) ?? cidr.indexOf(address);
  return index === undefined || index < 2 || index >= cidr.size - 1 ? undefined : index;
}
