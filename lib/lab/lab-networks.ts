import { entryOf } from "./entry-of.ts";
import { networkDomain, networkMode } from "./lab-nics.ts";
import { networkKey, type LabNetwork, type LabSandbox } from "./lab.ts";
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
  for (const { host, nics } of sandboxes) {
    for (const { network: name } of nics) {
      const network = plan.networks.get(name);
      const key = networkKey(host, name);
      if (network !== undefined && !Object.hasOwn(networks, key)) networks[key] = labNetwork(written, host, network);
    }
  }
  return sortedByKey(networks, (network) => network);
}

function labNetwork(written: WrittenLab, host: string, network: PlannedNetwork): LabNetwork {
  const { name, own, cidr, bridge, reservations } = network;
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
