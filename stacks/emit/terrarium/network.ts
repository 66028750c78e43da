import type { Construct } from "constructs";
import type { Lab, LabNetwork } from "../../../lib/lab/lab.ts";
import { TerrariumNetwork, type TerrariumNetworkConfig } from "../../../lib/synth/terrarium/network.ts";
import { terraformText } from "../../../lib/synth/terraform-text.ts";
import { address } from "../names.ts";

export function emitNetwork(scope: Construct, lab: Lab, network: LabNetwork): void {
  const resource = new TerrariumNetwork(scope, address.network(network), config(lab, network), { host: network.host });
  for (const [path, value] of Object.entries(network.overrides)) resource.addOverride(path, value);
}

function config(lab: Lab, network: LabNetwork): TerrariumNetworkConfig {
  const { name, mode, cidr, gateway, domain, bridge, interface: nic, vlan, openvswitch } = network;
  const settings = settingsOf(lab, network);
  // VirtualBox has no bridges.
  const own = lab.hypervisor === "kvm" && bridge !== undefined ? { bridge } : {};
  const reservations = reservationsOf(network);
  if (mode === "none") return { name, mode, ...own, ...settings, reservations };
  if (mode !== "bridged") return { name, mode, cidr, gateway, domain, ...own, ...settings, reservations };
  return {
    name,
    mode,
    ...own,
    ...(nic !== undefined && { interface: terraformText(nic) }),
    ...(vlan !== undefined && { vlan }),
    ...(openvswitch && { openvswitch }),
    reservations,
  };
}

function settingsOf({ hypervisor }: Lab, { mtu, stp, ports, dns }: LabNetwork): Partial<TerrariumNetworkConfig> {
  const { servers = [], records = {} } = dns ?? {};
  return {
    // On VirtualBox only the guests know it.
    ...(mtu !== undefined && hypervisor === "kvm" && { mtu }),
    ...(stp !== undefined && { stp }),
    ...(ports && { nat_ports: `${ports.first}-${ports.last}` }),
    ...(servers.length > 0 && { dns_servers: servers }),
    ...(Object.keys(records).length > 0 && { records }),
  };
}

/**
 * By sandbox; further NICs of one sandbox have their number behind a character that no name has (`web/2`). Only the first one has the sandbox's name: a name with two
 * addresses would lead to either of them.
 */
function reservationsOf({ reservations }: LabNetwork): TerrariumNetworkConfig["reservations"] {
  const count = new Map<string, number>();
  return Object.fromEntries(
    reservations.map(({ mac, address: ip, sandbox }) => {
      const owner = sandbox ?? ip;
      const ordinal = (count.get(owner) ?? 0) + 1;
      count.set(owner, ordinal);
      const first = ordinal === 1 && sandbox !== undefined;
      return [ordinal === 1 ? owner : `${owner}/${ordinal}`, { mac, address: ip, ...(first && { name: sandbox }) }];
    }),
  );
}
