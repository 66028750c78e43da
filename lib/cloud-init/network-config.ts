import type { SeedIntent, SeedNic } from "./seed-intent.ts";
import { writeYaml } from "./yaml-1-1.ts";

/** The kernel's limit for the name of an interface. */
const longestName = 15;

/**
 * The network configuration of a sandbox: the user's own, else version 2 with every card found by its MAC and named. That is the only form which netplan, networkd, sysconfig,
 * NetworkManager and ENI all get right: names and drivers match the wrong card in four of them.
 *
 * @returns undefined where there is nothing to configure: cloud-init then asks for DHCP on the first card
 * @throws RangeError for a static card without an address, and for what is no MAC or interface name
 */
export function networkConfig({ networkConfig: theirs, nics }: SeedIntent): string | undefined {
  if (theirs) return writeYaml(theirs);
  if (nics.length === 0) return undefined;
  return writeYaml({ version: 2, ethernets: Object.fromEntries(nics.map((nic) => [nic.name, ethernet(nic)])) });
}

function ethernet(nic: SeedNic): object {
  if (!/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(nic.mac)) throw new RangeError(`Expected a MAC address, got ${JSON.stringify(nic.mac)}`);
  if (!/^[^\s/:]+$/.test(nic.name) || Buffer.byteLength(nic.name) > longestName) {
    throw new RangeError(`Expected an interface name of at most ${longestName} bytes, got ${JSON.stringify(nic.name)}`);
  }
  return {
    match: { macaddress: nic.mac.toLowerCase() },
    "set-name": nic.name,
    ...(nic.addressing === "dhcp" ? dhcp(nic) : fixed(nic)),
    ...nameservers(nic),
    mtu: nic.mtu,
  };
}

function dhcp({ defaultRoute }: SeedNic): object {
  return {
    dhcp4: true,
    // Clones share /etc/machine-id, from which the client id would come otherwise.
    "dhcp-identifier": "mac",
    ...(defaultRoute ? {} : { "dhcp4-overrides": { "use-routes": false } }),
  };
}

function fixed({ name, address, gateway, defaultRoute }: SeedNic): object {
  if (address === undefined) throw new RangeError(`Expected an address for ${name}, whose addressing is static`);
  return {
    dhcp4: false,
    addresses: [address],
    ...(gateway !== undefined && defaultRoute ? { routes: [{ to: everywhere(gateway), via: gateway }] } : {}),
  };
}

/** Not `default`: with that word cloud-init 22 (Debian 12) fails in every renderer but netplan's. */
function everywhere(gateway: string): string {
  return gateway.includes(":") ? "::/0" : "0.0.0.0/0";
}

function nameservers({ nameservers: addresses, search }: SeedNic): object {
  if (addresses.length === 0 && search.length === 0) return {};
  return { nameservers: { ...(addresses.length === 0 ? {} : { addresses }), ...(search.length === 0 ? {} : { search }) } };
}
