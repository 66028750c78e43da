import { Cidr } from "../../units/cidr.ts";
import { entryOf } from "../entry-of.ts";
import type { LabLock } from "../lock/lab-lock.ts";
import type { Report } from "../path.ts";
import { checkAddressInNetwork } from "../rules/address-in-network.ts";
import { duplicateAddress } from "../rules/duplicate-address.ts";
import { lockedIndex } from "./locked-index.ts";
import { nameHash } from "./name-hash.ts";
import type { ReservationStyle } from "./plan-lab.ts";
import { addressKey, type AddressRequest, type NetworkRequest } from "./plan-requests.ts";
import { defaultReserve, firstReservedIndex, largestReserve, ownReserve } from "./reservation-block.ts";

/** The addresses of one network, as indexes in its block. */
export interface NetworkAddresses {
  /** How many are reserved, from `firstReservedIndex` on. */
  readonly reserve: number;
  /** `addressKey` → index. A NIC with an error has none. */
  readonly indexes: ReadonlyMap<string, number>;
}

/**
 * Gives each NIC of a network its address: the written ones first, then those of the lock, which never move, then planned ones. A planned
 * address comes from the reserved ones: the hash of the names points to a place, and the next free one from there is taken, in the order of
 * the names. Where the reserved ones do not suffice, their number grows to the next power of two.
 *
 * Reports addresses outside the block, not assignable or given twice, `LOCK_COLLISION`, `NETWORK_FULL` and `NETWORK_OUTGROWN`.
 */
export function planAddresses(
  lab: string,
  network: NetworkRequest,
  cidr: Cidr,
  requests: readonly AddressRequest[],
  lock: LabLock | undefined,
  report: Report,
  style: ReservationStyle = "block",
): NetworkAddresses {
  const holders = new Map<number, AddressRequest>();
  const indexes = new Map<string, number>();
  const give = (index: number, request: AddressRequest): void => {
    holders.set(index, request);
    indexes.set(addressKey(request), index);
  };
  const sorted = [...requests].sort((a, b) => (a.sandbox === b.sandbox ? a.ordinal - b.ordinal : a.sandbox < b.sandbox ? -1 : 1));
  giveWritten(network, cidr, sorted, holders, give, report);
  const open = giveLocked(network, cidr, sorted, lock, holders, give, report);

  const first = firstReservedIndex(cidr);
  const largest = largestReserve(cidr);
  const known = network.own ? ownReserve : (network.reserve ?? entryOf(lock?.networks, network.name)?.reserve);
  let reserve = Math.min(Math.max(known ?? defaultReserve, reserveInUse(network, cidr, lock, holders)), largest);
  const unused = (): number => {
    let used = 0;
    for (const index of holders.keys()) if (index >= first && index < first + reserve) used++;
    return reserve - used;
  };
  while (unused() < open.length && reserve < largest) reserve = Math.min(2 ** (Math.floor(Math.log2(reserve)) + 1), largest);
  if (unused() < open.length) {
    reportFull(network, cidr, requests.length, report);
    return { reserve, indexes };
  }
  // Live reservations have no block that could be outgrown: more addresses to plan from is all that happens.
  if (style === "block" && known !== undefined && reserve > known) reportOutgrown(network, known, reserve, lock, report);
  // Who comes back has its former address; whom others had last is given to nobody while there are others.
  const former = formerIndexes(network, cidr, lock);
  const isInside = (index: number): boolean => index >= first && index < first + reserve;
  for (const request of open) {
    const own = former.find(({ key, index }) => key === addressKey(request) && isInside(index) && !holders.has(index));
    if (own) give(own.index, request);
  }
  const kept = new Set(former.map(({ index }) => index));
  // Counted only where it matters.
  let spare =
    kept.size === 0
      ? 0
      : Array.from({ length: reserve }, (_, place) => first + place).filter((index) => !holders.has(index) && !kept.has(index)).length;
  for (const request of open) {
    if (indexes.has(addressKey(request))) continue;
    const avoided = spare > 0 ? kept : nothing;
    let place = reserve === 1 ? 0 : nameHash("address", lab, network.name, request.sandbox, request.ordinal) % reserve;
    while (holders.has(first + place) || avoided.has(first + place)) place = (place + 1) % reserve;
    spare -= 1;
    give(first + place, request);
  }
  return { reserve, indexes };
}

/** The addresses of removed sandboxes in a network, as indexes in its block. */
function formerIndexes(
  { name }: NetworkRequest,
  cidr: Cidr,
  lock: LabLock | undefined,
): { readonly key: string; readonly index: number }[] {
  const before = Cidr.tryParse(entryOf(lock?.networks, name)?.cidr ?? "") ?? cidr;
  return Object.entries(lock?.former ?? {}).flatMap(([sandbox, { addresses }]) =>
    (entryOf(addresses, name) ?? []).flatMap((address, ordinal) => {
      const index = before.indexOf(address);
      return index === undefined ? [] : [{ key: addressKey({ sandbox, network: name, ordinal }), index }];
    }),
  );
}

const nothing: ReadonlySet<number> = new Set();

type Give = (index: number, request: AddressRequest) => void;

function giveWritten(
  network: NetworkRequest,
  cidr: Cidr,
  requests: readonly AddressRequest[],
  holders: ReadonlyMap<number, AddressRequest>,
  give: Give,
  report: Report,
): void {
  for (const request of requests) {
    const { address, sandbox, path } = request;
    if (address === undefined) continue;
    const diagnostics = checkAddressInNetwork({ address, network: network.name, cidr, cidrWritten: network.cidr !== undefined, path });
    const index = cidr.indexOf(address);
    if (diagnostics.length > 0 || index === undefined) {
      for (const diagnostic of diagnostics) report(diagnostic);
      continue;
    }
    const other = holders.get(index);
    if (other === undefined) {
      give(index, request);
      continue;
    }
    const free = freeAddress(cidr, holders);
    report(duplicateAddress({ address, network: network.name, sandbox, other: other.sandbox, locked: false, free, path }));
  }
}

/** @returns the requests that are left for planning */
function giveLocked(
  network: NetworkRequest,
  cidr: Cidr,
  requests: readonly AddressRequest[],
  lock: LabLock | undefined,
  holders: ReadonlyMap<number, AddressRequest>,
  give: Give,
  report: Report,
): AddressRequest[] {
  const open: AddressRequest[] = [];
  for (const request of requests) {
    if (request.address !== undefined) continue;
    const index = lockedIndex(request, network, cidr, lock);
    const other = index === undefined ? undefined : holders.get(index);
    if (index === undefined) {
      open.push(request);
    } else if (other === undefined) {
      give(index, request);
    } else if (other.address !== undefined) {
      const { sandbox, path, address } = other;
      const free = freeAddress(cidr, holders);
      report(duplicateAddress({ address, network: network.name, sandbox, other: request.sandbox, locked: true, free, path }));
    } else {
      report({
        code: "LOCK_COLLISION",
        severity: "warning",
        path: request.path,
        summary: `the lock gives sandboxes "${other.sandbox}" and "${request.sandbox}" the same address ${cidr.at(index)} in network "${network.name}"`,
        detail: `"${request.sandbox}" gets a new one.`,
        nextStep: "This comes from a merge of two branches. Run `terrarium lock` and check the result in.",
      });
      open.push(request);
    }
  }
  return open;
}

/** A reserve that was made smaller in the lab does not put those outside who are in it: the lock's stays as long as somebody needs it. */
function reserveInUse(
  { name }: NetworkRequest,
  cidr: Cidr,
  lock: LabLock | undefined,
  holders: ReadonlyMap<number, AddressRequest>,
): number {
  const locked = entryOf(lock?.networks, name);
  if (locked === undefined) return 0;
  const first = firstReservedIndex(cidr);
  let highest = 0;
  for (const [index, { address }] of holders) {
    if (address === undefined && index >= first && index < first + locked.reserve) highest = Math.max(highest, index - first + 1);
  }
  return highest === 0 ? 0 : Math.min(locked.reserve, 2 ** Math.ceil(Math.log2(highest)));
}

function freeAddress(cidr: Cidr, holders: ReadonlyMap<number, unknown>): string | undefined {
  for (let index = 2; index < cidr.size - 1; index++) if (!holders.has(index)) return cidr.at(index);
  return undefined;
}

function reportFull({ name, cidr: written, path }: NetworkRequest, cidr: Cidr, nics: number, report: Report): void {
  const planned = written === undefined;
  report({
    code: "NETWORK_FULL",
    severity: "error",
    path: planned ? path : [...path, "cidr"],
    summary: `network "${name}" (${cidr.toString()}) has ${largestReserve(cidr)} addresses to give, and ${nics} NICs are in it`,
    nextStep: planned
      ? "Give the network a larger `cidr`, for example a /20; it is then made anew with new addresses."
      : "Give the network a larger block, or put some of the sandboxes into another network.",
  });
}

function reportOutgrown({ name, path }: NetworkRequest, known: number, reserve: number, lock: LabLock | undefined, report: Report): void {
  const before = entryOf(lock?.networks, name)?.reserve;
  report({
    code: "NETWORK_OUTGROWN",
    severity: "warning",
    path,
    summary: `network "${name}" has more sandboxes than the ${known} addresses it reserves; it now reserves ${reserve}`,
    ...(before !== undefined &&
      before !== reserve && { detail: "With provider libvirt that replaces the network, and its sandboxes reboot." }),
    nextStep: `Write \`reserve: ${reserve}\`, or more if it is to grow further.`,
  });
}
