import { entryOf } from "./entry-of.ts";
import { networkDomain, networkMode } from "./lab-nics.ts";
import { networkKey, type LabNetwork, type LabReservation, type LabSandbox } from "./lab.ts";
import { gatewayIndex } from "./plan/reservation-block.ts";
import type { LabPlan, PlannedNetwork } from "./plan/plan-lab.ts";
import { sortedByKey } from "./sorted-by-key.ts";
import type { WrittenLab } from "./written-lab.ts";

/**
 * The networks of each host that has sandboxes in them. A network on two hosts is two networks that do not reach each other, with the same block: an
 * address means the same sandbox wherever it is.
 */
export function labNetworks(written: WrittenLab, sandboxes: readonly LabSandbox[], plan: LabPlan): Record<string, LabNetwork> {
  const networks: Record<string, LabNetwork> = {};
  const live = liveReservations(sandboxes);
  for (const { host, nics } of sandboxes) {
    for (const { network: name } of nics) {
      const network = plan.networks.get(name);
      const key = networkKey(host, name);
      if (network === undefined || Object.hasOwn(networks, key)) continue;
      networks[key] = labNetwork(written, host, network, network.block ?? live.get(key) ?? []);
    }
  }
  return sortedByKey(networks, (network) => network);
}

/** By network: what each sandbox in it has, by name; several of one sandbox in the order of its NICs. */
function liveReservations(sandboxes: readonly LabSandbox[]): Map<string, LabReservation[]> {
  const live = new Map<string, LabReservation[]>();
  for (const { name: sandbox, host, nics } of sandboxes.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    for (const { network, mac, address } of nics) {
      const key = networkKey(host, network);
      const reservations = live.get(key);
      if (reservations) reservations.push({ mac, address, sandbox });
      else live.set(key, [{ mac, address, sandbox }]);
    }
  }
  return live;
}

function labNetwork(written: WrittenLab, host: string, network: PlannedNetwork, reservations: readonly LabReservation[]): LabNetwork {
  const { name, own, cidr, bridge } = network;
  return {
    name,
    host,
    ...(own && { ownedBy: name }),
    mode: networkMode(written, network),
    cidr: cidr.toString(),
    gateway: cidr.at(gatewayIndex),
    domain: networkDomain(written, network),
    bridge,
    reservations,
    overrides: own ? {} : sortedByKey(entryOf(written.networks, name)?.overrides ?? {}, (value) => value),
  };
}
