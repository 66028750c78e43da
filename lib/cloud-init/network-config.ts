import { interfaceRoutes, lastResort } from "./interface-routes.ts";
import type { SeedIntent, SeedInterface, SeedNic } from "./seed-intent.ts";
import { withoutAbsent } from "./without-absent.ts";
import { writeYaml } from "./yaml-1-1.ts";

/** The kernel's limit for the name of an interface. */
const longestName = 15;

/**
 * The network configuration of a sandbox: the user's own, else version 2 with every card found by its MAC and named. That is the only form which netplan, networkd, sysconfig,
 * NetworkManager and ENI all get right: names and drivers match the wrong card in four of them. What a renderer leaves out all the same is told in docs/guest-network.md.
 *
 * @returns undefined where there is nothing to configure: cloud-init then asks for DHCP on the first card
 * @throws RangeError for a static card without an address, and for what is no MAC or interface name
 */
export function networkConfig({ networkConfig: theirs, nics }: SeedIntent): string | undefined {
  if (theirs) return writeYaml(theirs);
  if (nics.length === 0) return undefined;
  const vlans = nics.flatMap((nic) =>
    (nic.vlans ?? []).map((vlan) => [vlan.name, { id: vlan.id, link: nic.name, ...settings(vlan) }] as const),
  );
  return writeYaml({
    version: 2,
    ethernets: Object.fromEntries(nics.map((nic) => [nic.name, ethernet(nic)])),
    ...(vlans.length > 0 && { vlans: Object.fromEntries(vlans) }),
  });
}

function ethernet(nic: SeedNic): object {
  if (!/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(nic.mac)) throw new RangeError(`Expected a MAC address, got ${JSON.stringify(nic.mac)}`);
  return { match: { macaddress: nic.mac.toLowerCase() }, "set-name": nic.name, ...settings(nic) };
}

function settings(nic: SeedInterface): object {
  const { name, addressing, ipv6, mtu } = nic;
  if (!/^[^\s/:]+$/.test(name) || Buffer.byteLength(name) > longestName) {
    throw new RangeError(`Expected an interface name of at most ${longestName} bytes, got ${JSON.stringify(name)}`);
  }
  const addresses = fixedAddresses(nic);
  const routes = interfaceRoutes(nic);
  return withoutAbsent({
    ...(addressing === "dhcp" ? dhcp(nic) : { dhcp4: false }),
    ...ipv6Settings(ipv6),
    addresses: addresses.length > 0 ? addresses : undefined,
    routes: routes.length > 0 ? routes : undefined,
    nameservers: nameservers(nic),
    mtu,
    // Nothing to wait for when the guest boots.
    optional: addressing === "none" && ipv6 === undefined ? true : undefined,
  });
}

function dhcp({ defaultRoute, ignoresDhcpDns = false }: SeedInterface): object {
  const overrides = {
    ...(!defaultRoute && { "use-routes": false, "route-metric": lastResort }),
    ...(ignoresDhcpDns && { "use-dns": false }),
  };
  return {
    dhcp4: true,
    // Clones share /etc/machine-id, from which the client id would come otherwise.
    "dhcp-identifier": "mac",
    ...(Object.keys(overrides).length > 0 && { "dhcp4-overrides": overrides }),
  };
}

/** A fixed address leaves to the guest what it does with announcements of routers: the default route may come from there. */
function ipv6Settings(ipv6: string | undefined): object {
  if (ipv6 === "slaac") return { dhcp6: false, "accept-ra": true };
  return ipv6 === "dhcp" ? { dhcp6: true, "accept-ra": true } : {};
}

function fixedAddresses({ name, addressing, address, ipv6 }: SeedInterface): string[] {
  if (addressing === "static" && address === undefined) throw new RangeError(`Expected an address for ${name}, whose addressing is static`);
  return [...(addressing === "static" && address !== undefined ? [address] : []), ...(ipv6?.includes("/") === true ? [ipv6] : [])];
}

function nameservers({ nameservers: addresses, search }: SeedInterface): object | undefined {
  if (addresses.length === 0 && search.length === 0) return undefined;
  return { ...(addresses.length === 0 ? {} : { addresses }), ...(search.length === 0 ? {} : { search }) };
}
