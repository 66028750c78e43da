import type { SeedIntent, SeedNic } from "./seed-intent.ts";

/** A network configuration in the form of OpenStack. Source: doc/source/user/network_data.json schema of Nova; read by `convert_net_json` in cloudinit. */
export interface NetworkData {
  readonly links: readonly object[];
  readonly networks: readonly object[];
  readonly services: readonly object[];
}

/**
 * The `network_data.json` of a ConfigDrive: every card found by its MAC and named. It has no words for which DHCP client id is used, nor for leaving out what DHCP says.
 *
 * @returns undefined where there is nothing to configure: cloud-init then asks for DHCP on the first card
 * @throws RangeError for a static card without an address
 */
export function networkData({ nics, bareNics = [] }: SeedIntent): NetworkData | undefined {
  const all: readonly Pick<SeedNic, "mac" | "name" | "mtu">[] = [...nics, ...bareNics];
  if (all.length === 0) return undefined;
  const links = all.map(({ mac, name, mtu }) => {
    const link = { id: name, name, type: "phy", ethernet_mac_address: mac.toLowerCase() };
    return mtu === undefined ? link : { ...link, mtu };
  });
  return { links, networks: nics.map(network), services: [] };
}

function network(nic: SeedNic): object {
  const { name, nameservers, search } = nic;
  return {
    id: `${name}-network`,
    link: name,
    ...(nic.addressing === "dhcp" ? { type: "ipv4_dhcp" } : fixed(nic)),
    ...(nameservers.length > 0 && { dns_nameservers: nameservers }),
    ...(search.length > 0 && { dns_search: search }),
  };
}

function fixed({ name, address, gateway, defaultRoute }: SeedNic): object {
  const [ip, prefix] = address?.split("/") ?? [];
  if (ip === undefined || prefix === undefined)
    throw new RangeError(`Expected an address with its prefix for ${name}, whose addressing is static`);
  const isIpv6 = ip.includes(":");
  const everywhere = isIpv6 ? "::" : "0.0.0.0";
  const routes = gateway !== undefined && defaultRoute ? [{ network: everywhere, netmask: everywhere, gateway }] : [];
  return { type: isIpv6 ? "ipv6" : "ipv4", ip_address: ip, netmask: maskOf(Number(prefix), isIpv6), routes };
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
