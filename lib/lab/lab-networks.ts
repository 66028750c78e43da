import { entryOf } from "./entry-of.ts";
import { networkDomain } from "./lab-nics.ts";
import { networkKey, type LabNetwork, type LabReservation, type LabSandbox } from "./lab.ts";
import { isServed, modeOf } from "./network-kinds.ts";
import { networkSettings } from "./network-settings.ts";
import type { Overlay } from "./overlay/overlay.ts";
import { bridgeName } from "./plan/bridge-name.ts";
import { gatewayIndex } from "./plan/reservation-block.ts";
import type { LabPlan, PlannedNetwork } from "./plan/plan-lab.ts";
import { sortedByKey } from "./sorted-by-key.ts";
import type { WrittenLab } from "./written-lab.ts";

/**
 * The networks of each host that has sandboxes in them. A network on two hosts is two networks that do not reach each other, with the same block: an
 * address means the same sandbox wherever it is.
 */
export function labNetworks(
  written: WrittenLab,
  sandboxes: readonly LabSandbox[],
  plan: LabPlan,
  overlay?: Overlay,
): Record<string, LabNetwork> {
  const networks: Record<string, LabNetwork> = {};
  const live = liveReservations(sandboxes);
  for (const { host, nics } of sandboxes) {
    for (const { network: name } of nics) {
      const network = plan.networks.get(name);
      const key = networkKey(host, name);
      if (Object.hasOwn(networks, key)) continue;
      if (network === undefined) networks[key] = openNetwork(written, host, name, entryOf(overlay?.networks, name)?.bridge);
      else networks[key] = labNetwork(written, host, network, network.block ?? live.get(key) ?? []);
    }
  }
  return sortedByKey(networks, (network) => network);
}

/** By network: what each sandbox in it has, by name; several of one sandbox in the order of its NICs. */
function liveReservations(sandboxes: readonly LabSandbox[]): Map<string, LabReservation[]> {
  const live = new Map<string, LabReservation[]>();
  for (const { name: sandbox, host, nics } of sandboxes.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    for (const { network, mac, address } of nics) {
      if (address === undefined) continue;
      const key = networkKey(host, network);
      const reservations = live.get(key);
      if (reservations) reservations.push({ mac, address, sandbox });
      else live.set(key, [{ mac, address, sandbox }]);
    }
  }
  return live;
}

/** One where we give no addresses: as it was written. */
function openNetwork(written: WrittenLab, host: string, name: string, otherBridge: string | undefined): LabNetwork {
  const entry = entryOf(written.networks, name) ?? {};
  const { cidr, gateway, bridge, interface: nic, vlan, openvswitch, overrides = {} } = entry;
  const mode = modeOf(written, { name, own: false });
  if (isServed(mode)) throw new Error(`Network ${name} is ${mode}, and was not planned`);
  return {
    name,
    host,
    mode,
    ...(cidr !== undefined && { cidr }),
    ...(gateway !== undefined && { gateway }),
    domain: networkDomain(written, { name, own: false }),
    ...(mode === "none" ? { bridge: otherBridge ?? bridgeName(written.lab, name, 0) } : bridge !== undefined && { bridge }),
    ...(nic !== undefined && { interface: nic }),
    ...(typeof vlan === "number" && { vlan }),
    ...(openvswitch === true && { openvswitch }),
    ...networkSettings(entry),
    reservations: [],
    overrides: sortedByKey(overrides, (value) => value),
  };
}

function labNetwork(written: WrittenLab, host: string, network: PlannedNetwork, reservations: readonly LabReservation[]): LabNetwork {
  const { name, own, cidr, bridge } = network;
  const entry = own ? {} : (entryOf(written.networks, name) ?? {});
  return {
    name,
    host,
    ...(own && { ownedBy: name }),
    mode: modeOf(written, network),
    cidr: cidr.toString(),
    gateway: cidr.at(gatewayIndex),
    domain: networkDomain(written, network),
    bridge,
    ...networkSettings(entry),
    reservations,
    overrides: sortedByKey(entry.overrides ?? {}, (value) => value),
  };
}
