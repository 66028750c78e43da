import type { Element } from "@xmldom/xmldom";
import type { NetworkSpec, Reservation } from "../provisioning.ts";
import { xmlText } from "./element.ts";
import { dhcpHostElement, dnsHostElement, dnsHosts, type DnsHost } from "./network-xml.ts";
import { readDhcpHosts, readDnsHosts } from "./networks.ts";

/** Command, section and XML of a `net-update`. */
export type NetworkEdit = readonly [command: "add" | "delete", section: "ip-dhcp-host" | "dns-host", xml: string];

/**
 * The fewest edits that bring a network's entries to the specification. Pure.
 *
 * What is changed is deleted and added: libvirt cannot modify DNS entries, and finds the DHCP entry to modify by MAC or address, whichever
 * comes first, which goes wrong where two exchange their addresses. A lease that is out stays as it is.
 */
export function networkEdits(network: Element, spec: NetworkSpec): NetworkEdit[] {
  const dhcp = difference(
    readDhcpHosts(network),
    spec.reservations.map((one) => ({ ...one, mac: one.mac.toLowerCase() })),
    ({ mac, address, name }: Reservation) => JSON.stringify([mac, address, name]),
  );
  const dns = difference(readDnsHosts(network), dnsHosts(spec), ({ address, names }: DnsHost) =>
    JSON.stringify([address, [...names].sort()]),
  );
  return [
    ...dns.gone.map((host): NetworkEdit => ["delete", "dns-host", xmlText(dnsHostElement(host))]),
    ...dhcp.gone.map((host): NetworkEdit => ["delete", "ip-dhcp-host", xmlText(dhcpHostElement(host))]),
    ...dhcp.missing.map((host): NetworkEdit => ["add", "ip-dhcp-host", xmlText(dhcpHostElement(host))]),
    ...dns.missing.map((host): NetworkEdit => ["add", "dns-host", xmlText(dnsHostElement(host))]),
  ];
}

function difference<T>(
  is: readonly T[],
  wanted: readonly T[],
  key: (item: T) => string,
): { readonly gone: readonly T[]; readonly missing: readonly T[] } {
  const [there, asked] = [new Set(is.map(key)), new Set(wanted.map(key))];
  return { gone: is.filter((item) => !asked.has(key(item))), missing: wanted.filter((item) => !there.has(key(item))) };
}
