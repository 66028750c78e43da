import { interfaceRoutes, lastResort } from "./interface-routes.ts";
import type { SeedIntent, SeedInterface, SeedNic, SeedRoute, SeedVlan } from "./seed-intent.ts";

/** A network configuration in the form of OpenStack. Source: doc/source/user/network_data.json schema of Nova; read by `convert_net_json` in cloudinit. */
export interface NetworkData {
  readonly links: readonly object[];
  readonly networks: readonly object[];
  readonly services: readonly object[];
}

/**
 * The `network_data.json` of a ConfigDrive: every card found by its MAC and named, VLANs on top of them. It has no words for which DHCP client id is used, nor for leaving out what DHCP
 * says. A link has as many networks as it has addresses.
 *
 * @returns undefined where there is nothing to configure: cloud-init then asks for DHCP on the first card
 * @throws RangeError for a static card without an address
 */
export function networkData({ nics }: SeedIntent): NetworkData | undefined {
  if (nics.length === 0) return undefined;
  const all = nics.flatMap((nic): (SeedNic | SeedVlan)[] => [nic, ...(nic.vlans ?? [])]);
  return { links: nics.flatMap(links), networks: all.flatMap(networks), services: [] };
}

function links(nic: SeedNic): object[] {
  const mac = nic.mac.toLowerCase();
  return [
    { id: nic.name, name: nic.name, type: "phy", ethernet_mac_address: mac, ...packets(nic) },
    ...(nic.vlans ?? []).map((vlan) => ({
      // cloud-init makes the name by itself: the card's, a dot, and the id.
      ...{ id: vlan.name, type: "vlan", vlan_link: nic.name, vlan_id: vlan.id, vlan_mac_address: mac },
      ...packets(vlan),
    })),
  ];
}

function packets({ mtu }: SeedInterface): object {
  return mtu === undefined ? {} : { mtu };
}

/**
 * Routes belong to a network: IPv6's to one of IPv6 where there is one. Name servers and domains all stand at the first: sysconfig takes those of one only, and NetworkManager sorts them by itself.
 */
function networks(nic: SeedInterface): object[] {
  const { name, nameservers, search, ipv6 } = nic;
  const addresses = [...ipv4(nic), ...ipv6Networks(ipv6)];
  const routes = interfaceRoutes(nic);
  return addresses.map((address, index) => {
    const isFirst = index === 0;
    const isIpv6 = address.family === 6;
    const takes = (text: string): boolean => (addresses.length === 1 ? true : text.includes(":") === isIpv6);
    const own = routes.filter(({ via }) => takes(via)).map(route);
    return {
      id: `${name}-network${isFirst ? "" : "6"}`,
      link: name,
      ...address.network,
      ...((own.length > 0 || "ip_address" in address.network) && { routes: own }),
      ...(isFirst && nameservers.length > 0 && { dns_nameservers: nameservers }),
      ...(isFirst && search.length > 0 && { dns_search: search }),
    };
  });
}

interface Address {
  readonly family: 4 | 6;
  readonly network: object;
}

function ipv4({ name, addressing, address, defaultRoute }: SeedInterface): Address[] {
  if (addressing === "none") return [];
  // Nothing leaves DHCP's routes out; by their metric others are preferred.
  if (addressing === "dhcp") return [{ family: 4, network: { type: "ipv4_dhcp", ...(!defaultRoute && { metric: lastResort }) } }];
  if (address === undefined) throw new RangeError(`Expected an address with its prefix for ${name}, whose addressing is static`);
  return [fixed(name, address)];
}

function ipv6Networks(ipv6: string | undefined): Address[] {
  if (ipv6 === undefined) return [];
  if (ipv6 === "slaac") return [{ family: 6, network: { type: "ipv6_slaac" } }];
  return ipv6 === "dhcp" ? [{ family: 6, network: { type: "ipv6_dhcp" } }] : [fixed("IPv6", ipv6)];
}

function fixed(name: string, address: string): Address {
  const [ip, prefix] = address.split("/");
  if (ip === undefined || prefix === undefined)
    throw new RangeError(`Expected an address with its prefix for ${name}, whose addressing is static`);
  const isIpv6 = ip.includes(":");
  return {
    family: isIpv6 ? 6 : 4,
    network: { type: isIpv6 ? "ipv6" : "ipv4", ip_address: ip, netmask: maskOf(Number(prefix), isIpv6) },
  };
}

function route({ to, via, metric }: SeedRoute): object {
  const [network = "", prefix] = to.split("/");
  const plain = { network, netmask: maskOf(Number(prefix), network.includes(":")), gateway: via };
  return metric === undefined ? plain : { ...plain, metric };
}

/** 24 → `255.255.255.0`, 64 → `ffff:ffff:ffff:ffff:0:0:0:0`. */
function maskOf(prefix: number, isIpv6: boolean): string {
  const [parts, bits] = isIpv6 ? [8, 16] : [4, 8];
  const whole = Array.from({ length: parts }, (_, index) => {
    const set = Math.min(bits, Math.max(0, prefix - index * bits));
    return 2 ** bits - 2 ** (bits - set);
  });
  return whole.map((part) => part.toString(isIpv6 ? 16 : 10)).join(isIpv6 ? ":" : ".");
}
