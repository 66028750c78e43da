import type { DnsRecord, NetworkChange, NetworkSpec, Reservation } from "./provisioning.ts";
import { settingTexts } from "./network-settings.ts";
import { sameOwner } from "./same-owner.ts";

/**
 * What it takes to bring a network from one specification to another: reservations, records and labels change live, all else makes another network.
 * Their order means nothing. Pure; shared by all drivers.
 */
export function networkChange(from: NetworkSpec, to: NetworkSpec): NetworkChange {
  const same =
    from.name === to.name &&
    from.mode === to.mode &&
    from.cidr === to.cidr &&
    from.gateway === to.gateway &&
    from.domain === to.domain &&
    from.interface === to.interface &&
    from.vlan === to.vlan &&
    (from.openvswitch ?? false) === (to.openvswitch ?? false) &&
    JSON.stringify(settingTexts(from)) === JSON.stringify(settingTexts(to)) &&
    // One that is left out is whatever the network has.
    (to.bridge === undefined || from.bridge === undefined || from.bridge === to.bridge);
  if (!same) return "replace";
  const live =
    sameItems(from.reservations, to.reservations, reservationKey) &&
    sameItems(from.records, to.records, recordKey) &&
    sameOwner(from.owner, to.owner);
  return live ? "none" : "live";
}

const reservationKey = ({ mac, address, name = "" }: Reservation): string => JSON.stringify([mac.toLowerCase(), address, name]);
const recordKey = ({ address, names }: DnsRecord): string => JSON.stringify([address, names.toSorted()]);

function sameItems<T>(from: readonly T[], to: readonly T[], key: (item: T) => string): boolean {
  return from.map(key).sort().join("\n") === to.map(key).sort().join("\n");
}
