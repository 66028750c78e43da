import type { Cidr } from "../../units/cidr.ts";
import type { LabReservation } from "../lab.ts";
import type { LabLock, LockedNetwork } from "../lock/lab-lock.ts";
import type { Report } from "../path.ts";
import { macOf } from "./mac.ts";
import { planAddresses } from "./plan-addresses.ts";
import { planBlocks } from "./plan-blocks.ts";
import { planNames } from "./plan-names.ts";
import { addressKey, type AddressRequest, type NetworkRequest } from "./plan-requests.ts";
import { firstReservedIndex } from "./reservation-block.ts";

/** A network with everything that was planned for it. */
export interface PlannedNetwork {
  readonly name: string;
  readonly own: boolean;
  readonly cidr: Cidr;
  readonly reserve: number;
  readonly bridge: string;
  readonly macPrefix: string;
  /** Addresses that it reserves as a block, with their MACs; with live reservations each host has those of its sandboxes instead. */
  readonly block?: readonly LabReservation[];
  /** As the lock records it. */
  readonly locked: LockedNetwork;
}

/** Where a NIC is. */
interface PlannedNic {
  readonly mac: string;
  readonly address: string;
  readonly addressing: "dhcp" | "static";
}

export interface LabPlan {
  /** By name. A network with an error is not there. */
  readonly networks: ReadonlyMap<string, PlannedNetwork>;
  /** By `addressKey`. A NIC with an error is not there. */
  readonly nics: ReadonlyMap<string, PlannedNic>;
}

/** How the provider reserves addresses: a block when the network is made, or one at a time. Nothing is planned otherwise for it: a lab keeps its addresses. */
export type ReservationStyle = "block" | "live";

/**
 * Plans blocks, bridges, MACs and addresses. Pure: the result depends on names, written values and the lock alone, in no order.
 * What the lab says comes first, then what the lock has, then what the names' hashes point to.
 */
export function planLab(
  lab: string,
  networks: readonly NetworkRequest[],
  addresses: readonly AddressRequest[],
  lock: LabLock | undefined,
  report: Report,
  style: ReservationStyle = "block",
): LabPlan {
  const members = byNetwork(addresses);
  const sizes = new Map([...members].map(([network, requests]) => [network, requests.length]));
  const blocks = planBlocks(lab, networks, sizes, lock, report);
  const names = planNames(lab, networks, lock);
  const planned = new Map<string, PlannedNetwork>();
  const nics = new Map<string, PlannedNic>();
  for (const network of networks) {
    const { name, own } = network;
    const cidr = blocks.get(name);
    const called = names.get(name);
    if (cidr === undefined || called === undefined) continue;
    const requests = members.get(name) ?? [];
    const { reserve, indexes } = planAddresses(lab, network, cidr, requests, lock, report, style);
    const { bridge, macPrefix } = called;
    const first = firstReservedIndex(cidr);
    const nic = (index: number) => ({ mac: macOf(macPrefix, index), address: cidr.at(index) });
    const block = style === "live" ? undefined : Array.from({ length: reserve }, (_, place) => nic(first + place));
    for (const request of requests) {
      const index = indexes.get(addressKey(request));
      if (index === undefined) continue;
      const reserved = block === undefined || (index >= first && index < first + reserve);
      nics.set(addressKey(request), { ...nic(index), addressing: reserved ? "dhcp" : "static" });
    }
    const locked = { own, cidr: cidr.toString(), reserve, bridge, ...(called.macPrefixProbed && { macPrefix }) };
    planned.set(name, { name, own, cidr, reserve, bridge, macPrefix, ...(block && { block }), locked });
  }
  return { networks: planned, nics };
}

function byNetwork(addresses: readonly AddressRequest[]): Map<string, AddressRequest[]> {
  const groups = new Map<string, AddressRequest[]>();
  for (const request of addresses) {
    const group = groups.get(request.network);
    if (group) group.push(request);
    else groups.set(request.network, [request]);
  }
  return groups;
}
