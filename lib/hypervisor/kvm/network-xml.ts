import { createHash } from "node:crypto";
import { Cidr } from "../../units/cidr.ts";
import { parseIpv4 } from "../../units/ipv4.ts";
import type { DnsRecord, NetworkSpec, Reservation } from "../provisioning.ts";
import { defaultPorts } from "../network-settings.ts";
import { servedParts } from "../served.ts";
import { element, xmlText, type XmlElement } from "./element.ts";
import { ownerElement } from "./owner.ts";

/** A DNS entry of libvirt: one for each address. */
export interface DnsHost {
  readonly address: string;
  readonly names: readonly string[];
}

/**
 * The network's XML. Pure.
 *
 * A network that is not served is its wire only: a bridge without an address (libvirt then starts no DNS server), a bridge of the host, or macvtap devices of a NIC of the host.
 * No range of addresses: who has no reservation gets none. Ports below 1024 stay the host's own. The DNS domain is not asked for elsewhere.
 */
export function networkXml(spec: NetworkSpec, uuid: string): string {
  const dns = dnsHosts(spec);
  const served = servedParts(spec);
  const { dnsServers: servers = [] } = spec;
  return xmlText(
    element("network", {}, [
      element("name", {}, [spec.name]),
      element("uuid", {}, [uuid]),
      element("metadata", {}, [ownerElement(spec.owner)]),
      ...wireElements(spec),
      ...(served
        ? [
            element("domain", { name: served.domain, localOnly: "yes" }),
            dns.length + servers.length === 0
              ? undefined
              : element("dns", {}, [...servers.map((addr) => element("forwarder", { addr })), ...dns.map(dnsHostElement)]),
            element("ip", { address: served.gateway, netmask: Cidr.parse(served.cidr).netmask }, [
              element("dhcp", {}, spec.reservations.map(dhcpHostElement)),
            ]),
          ]
        : []),
    ]),
  );
}

function wireElements({
  name,
  mode,
  bridge,
  interface: nic,
  vlan,
  openvswitch,
  mtu,
  stp = true,
  ports = defaultPorts,
}: NetworkSpec): (XmlElement | undefined)[] {
  if (mode === "bridged") {
    return [
      element("forward", { mode: "bridge" }, nic === undefined ? [] : [element("interface", { dev: nic })]),
      bridge === undefined ? undefined : element("bridge", { name: bridge }),
      vlan === undefined ? undefined : element("vlan", {}, [element("tag", { id: vlan })]),
      openvswitch === true ? element("virtualport", { type: "openvswitch" }) : undefined,
    ];
  }
  const own = [
    element("bridge", { name: bridge ?? defaultBridge(name), stp: stp ? "on" : "off", delay: 0 }),
    mtu === undefined ? undefined : element("mtu", { size: mtu }),
  ];
  if (mode === "nat") {
    const range = element("port", { start: ports.first, end: ports.last });
    return [element("forward", { mode: "nat" }, [element("nat", {}, [range])]), ...own];
  }
  return mode === "routed" ? [element("forward", { mode: "route" }), ...own] : own;
}

export function dhcpHostElement({ mac, address, name }: Reservation): XmlElement {
  return element("host", { mac: mac.toLowerCase(), name, ip: address });
}

export function dnsHostElement({ address, names }: DnsHost): XmlElement {
  return element(
    "host",
    { ip: address },
    names.map((name) => element("hostname", {}, [name])),
  );
}

/**
 * What the DNS server is to answer: reserved names, bare and with the domain, since DHCP alone makes them resolve only from the first lease on;
 * and the records. One entry for each address, as libvirt wants it. Pure.
 */
export function dnsHosts({ domain, reservations, records }: Pick<NetworkSpec, "domain" | "reservations" | "records">): DnsHost[] {
  const names = new Map<string, Set<string>>();
  const add = (address: string, more: readonly string[]): void => {
    names.set(address, new Set([...(names.get(address) ?? []), ...more]));
  };
  for (const { address, name } of reservations) if (name !== undefined) add(address, reservedNames(name, domain));
  for (const record of records) add(record.address, record.names);
  return [...names].map(([address, all]) => ({ address, names: [...all] })).sort(byAddress);
}

/** The names under which a reservation resolves. */
export function reservedNames(name: string, domain: string | undefined): readonly string[] {
  return domain === undefined || domain === "" ? [name] : [name, `${name}.${domain}`];
}

/** What of the DNS entries is not there for a reservation. Pure: the reverse of `dnsHosts`. */
export function recordsOf(hosts: readonly DnsHost[], reservations: readonly Reservation[], domain: string | undefined): DnsRecord[] {
  return hosts.flatMap(({ address, names }) => {
    const reserved = reservations
      .filter((one) => one.address === address)
      .flatMap(({ name }) => (name === undefined ? [] : reservedNames(name, domain)));
    const others = names.filter((name) => !reserved.includes(name));
    return others.length === 0 ? [] : [{ address, names: others }];
  });
}

export function byAddress(a: { readonly address: string }, b: { readonly address: string }): number {
  return (parseIpv4(a.address) ?? 0) - (parseIpv4(b.address) ?? 0);
}

/** At most 15 characters, as Linux has it: five readable ones and a hash. @example defaultBridge("shop-front") // "trm-shop--1k3x9" */
export function defaultBridge(network: string): string {
  const hash = createHash("sha256").update(network).digest().readUInt32BE(0) % 36 ** 5;
  const readable = network
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "")
    .slice(0, 5);
  return `trm-${readable}-${hash.toString(36).padStart(5, "0")}`;
}
