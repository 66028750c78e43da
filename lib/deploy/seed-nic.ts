import type { SeedInterface, SeedNic, SeedVlan } from "../cloud-init/seed-intent.ts";
import type { LabNic, LabVlan } from "../lab/lab.ts";

/**
 * A NIC of the lab, as its seed tells it to the guest. One without an address is in it, too: it gets its name, and without an entry cloud-init would ask for DHCP on a sandbox's only one,
 * and wait for minutes.
 *
 * @param mac with the bytes that come from the deployment's id
 */
export function seedNic(nic: LabNic, mac: string): SeedNic {
  const { address, prefix, nameserver, domain, search = [], vlans } = nic;
  const isBare = nic.addressing === "none";
  return {
    ...{ mac, ...interfaceOf(nic) },
    ...(address !== undefined && { address: `${address}/${prefix}` }),
    nameservers: nic.nameservers ?? (nameserver === undefined ? [] : [nameserver]),
    search: isBare ? search : [domain, ...search],
    ...(vlans !== undefined && { vlans: vlans.map(seedVlan) }),
  };
}

function seedVlan(vlan: LabVlan): SeedVlan {
  const { id, address, nameservers = [], search = [] } = vlan;
  return { id, ...interfaceOf(vlan), ...(address !== undefined && { address }), nameservers, search };
}

function interfaceOf(nic: LabNic | LabVlan): Omit<SeedInterface, "address" | "nameservers" | "search"> {
  const { name, addressing, gateway, defaultRoute, routes, mtu, ipv6, nameservers } = nic;
  return {
    ...{ name, addressing, gateway, defaultRoute: gateway !== undefined || defaultRoute === true },
    ...(addressing === "dhcp" && nameservers !== undefined && { ignoresDhcpDns: true }),
    ...(routes !== undefined && { routes }),
    ...(mtu !== undefined && { mtu }),
    ...(ipv6 !== undefined && { ipv6 }),
  };
}
