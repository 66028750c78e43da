import type { Construct } from "constructs";
import { shortHash } from "../../../lib/lab/seed-identity.ts";
import { nameOnHost, type Lab, type LabNetwork } from "../../../lib/lab/lab.ts";
import { Cidr } from "../../../lib/units/cidr.ts";
import { LibvirtNetwork, type LibvirtNetworkConfig } from "../../../lib/synth/libvirt/network.ts";
import { terraformText } from "../../../lib/synth/terraform-text.ts";
import { TerraformData } from "../../../lib/synth/terraform-data.ts";
import { networkMetadata } from "./metadata.ts";
import { address } from "../names.ts";

/** A network and the value whose change replaces it: the provider cannot update one. */
export function emitNetwork(stack: Construct, lab: Lab, network: LabNetwork): void {
  const name = address.network(network);
  new TerraformData(stack, name, { input: networkDefinition(lab, network) });
  const resource = new LibvirtNetwork(
    stack,
    name,
    { ...config(lab, network), metadata: { xml: networkMetadata(lab, network) } },
    { host: network.host, lifecycle: { replaceTriggeredBy: [`terraform_data.${name}`] } },
  );
  for (const [path, value] of Object.entries(network.overrides)) resource.addOverride(path, value);
}

const definitions = new WeakMap<LabNetwork, string>();

/** Hash of what the network is made with. Every sandbox in it asks for the same one. */
export function networkDefinition(lab: Lab, network: LabNetwork): string {
  const known = definitions.get(network);
  if (known !== undefined) return known;
  const definition = shortHash({ ...config(lab, network), overrides: network.overrides });
  definitions.set(network, definition);
  return definition;
}

function config(lab: Lab, network: LabNetwork): LibvirtNetworkConfig {
  const { mode } = network;
  const common = { name: nameOnHost(lab, network.name), autostart: true };
  if (mode === "bridged") return { ...common, ...bridgedConfig(network) };
  const { mtu, stp = true, ports = { first: 1024, last: 65_535 } } = network;
  const bridge = {
    bridge: { name: network.bridge ?? "", stp: stp ? "on" : "off", delay: "0" } as const,
    ...(mtu !== undefined && { mtu: { size: mtu } }),
  };
  if (network.cidr === undefined || network.gateway === undefined || mode === "none") return { ...common, ...bridge };
  return {
    ...common,
    ...bridge,
    ...dnsConfig(network),
    domain: { name: network.domain, local_only: "yes" },
    // Ports below 1024 stay the host's own.
    forward:
      mode === "nat"
        ? { mode: "nat", nat: { ports: [{ start: ports.first, end: ports.last }] } }
        : mode === "routed"
          ? { mode: "route" }
          : undefined,
    ips: [
      {
        address: network.gateway,
        netmask: Cidr.parse(network.cidr).netmask,
        dhcp: { hosts: network.reservations.map(({ mac, address }) => ({ mac, ip: address })) },
      },
    ],
  };
}

function dnsConfig({ dns }: LabNetwork): Pick<LibvirtNetworkConfig, "dns"> {
  if (!dns) return {};
  const names = new Map<string, string[]>();
  for (const [name, address] of Object.entries(dns.records)) names.set(address, [...(names.get(address) ?? []), name]);
  // libvirt wants one entry for each address.
  const host = [...names].map(([ip, all]) => ({ ip, hostnames: all.map((hostname) => ({ hostname })) }));
  return {
    dns: {
      ...(dns.servers.length > 0 && { forwarders: dns.servers.map((addr) => ({ addr })) }),
      ...(host.length > 0 && { host }),
    },
  };
}

/** The host's own bridge, or macvtap devices of its NIC. */
function bridgedConfig({ bridge, interface: nic, vlan, openvswitch }: LabNetwork): Omit<LibvirtNetworkConfig, "name" | "autostart"> {
  return {
    forward: { mode: "bridge", ...(nic !== undefined && { interfaces: [{ dev: terraformText(nic) }] }) },
    ...(bridge !== undefined && { bridge: { name: bridge } }),
    ...(vlan !== undefined && { vlan: { tags: [{ id: vlan }] } }),
    ...(openvswitch && { virtual_port: { params: { open_v_switch: {} } } }),
  };
}
