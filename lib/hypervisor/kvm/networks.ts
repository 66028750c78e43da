import type { Element } from "@xmldom/xmldom";
import type { NetworkRecord, OwnerFilter } from "../hypervisor.ts";
import { defaultPorts } from "../network-settings.ts";
import type { Reservation } from "../provisioning.ts";
import { byAddress, recordsOf, reservedNames, type DnsHost } from "./network-xml.ts";
import { matchesOwner, readOwner } from "./owner.ts";
import type { Virsh } from "./virsh.ts";
import { withXmlFile } from "./xml-file.ts";
import { attribute, children, descend, parseXml, textOf } from "./xml.ts";

const words = (output: string): string[] =>
  output
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/**
 * Translates a network's XML. Pure.
 *
 * @param stored its definition as stored, where that may say more: an active network shows its owner as it was when it started
 */
export function readNetwork(xml: string, active: boolean, stored: string = xml): NetworkRecord {
  const network = parseXml(xml);
  const owner = readOwner(stored === xml ? network : parseXml(stored));
  const forward = descend(network, "forward");
  const domain = attribute(descend(network, "domain"), "name");
  const dns = readDnsHosts(network);
  const reservations = readDhcpHosts(network).map(({ name, ...host }): Reservation => {
    // A name that only DHCP knows does not resolve before the first lease.
    const resolves = name !== undefined && reservedNames(name, domain).every((full) => namesAt(dns, host.address).includes(full));
    return resolves ? { ...host, name } : host;
  });
  const addresses = children(network, "ip").flatMap((ip) => {
    const address = attribute(ip, "address");
    return address === undefined ? [] : [`${address}/${attribute(ip, "prefix") ?? prefixOf(attribute(ip, "netmask") ?? "")}`];
  });
  return {
    id: textOf(network, "uuid") ?? "",
    name: textOf(network, "name") ?? "",
    ...(owner ? { owner } : {}),
    active,
    bridge: attribute(descend(network, "bridge"), "name"),
    ...outside(network, forward),
    ...settingsOf(network, forward),
    mode: modeOf(forward, addresses),
    addresses,
    ...(domain === undefined ? {} : { domain }),
    reservations: reservations.sort(byAddress),
    records: recordsOf(dns, reservations, domain).sort(byAddress),
  };
}

/** libvirt's words for how a network leads on, in ours. */
function modeOf(forward: Element | undefined, addresses: readonly string[]): string {
  if (!forward) return addresses.length === 0 ? "none" : "isolated";
  const mode = attribute(forward, "mode") ?? "nat";
  return { route: "routed", bridge: "bridged" }[mode] ?? mode;
}

/** What of the host a bridged network is on, beside a bridge. */
function outside(network: Element, forward: Element | undefined): Pick<NetworkRecord, "interface" | "vlan" | "openvswitch"> {
  if (attribute(forward, "mode") !== "bridge") return {};
  const nic = attribute(forward, "dev") ?? attribute(descend(forward, "interface"), "dev");
  const tag = attribute(descend(network, "vlan", "tag"), "id");
  const ofOpenVSwitch = attribute(descend(network, "virtualport"), "type") === "openvswitch";
  return {
    ...(nic === undefined ? {} : { interface: nic }),
    ...(tag === undefined ? {} : { vlan: Number(tag) }),
    ...(ofOpenVSwitch ? { openvswitch: true } : {}),
  };
}

/** As in a specification: what has its default is not said. */
function settingsOf(network: Element, forward: Element | undefined): Pick<NetworkRecord, "mtu" | "stp" | "ports" | "dnsServers"> {
  const mtu = attribute(descend(network, "mtu"), "size");
  const port = descend(forward, "nat", "port");
  const [first, last] = [attribute(port, "start"), attribute(port, "end")].map(Number);
  const isDefault = first === defaultPorts.first && last === defaultPorts.last;
  const servers = children(descend(network, "dns"), "forwarder").flatMap((forwarder) => attribute(forwarder, "addr") ?? []);
  return {
    ...(mtu === undefined ? {} : { mtu: Number(mtu) }),
    ...(attribute(descend(network, "bridge"), "stp") === "off" ? { stp: false } : {}),
    ...(port === undefined || first === undefined || last === undefined || isDefault ? {} : { ports: { first, last } }),
    ...(servers.length === 0 ? {} : { dnsServers: servers }),
  };
}

/** The reservations in a network's XML, as they stand there. IPv6 ones, which go by DUID, are not among them. */
export function readDhcpHosts(network: Element): Reservation[] {
  const hosts = children(network, "ip").flatMap((ip) => children(descend(ip, "dhcp"), "host"));
  return hosts.flatMap((host) => {
    const [mac, address, name] = [attribute(host, "mac"), attribute(host, "ip"), attribute(host, "name")];
    return mac === undefined || address === undefined ? [] : [{ mac: mac.toLowerCase(), address, ...(name === undefined ? {} : { name }) }];
  });
}

/** The DNS entries in a network's XML. */
export function readDnsHosts(network: Element): DnsHost[] {
  return children(descend(network, "dns"), "host").map((host) => ({
    address: attribute(host, "ip") ?? "",
    names: children(host, "hostname").map((name) => name.textContent?.trim() ?? ""),
  }));
}

const namesAt = (hosts: readonly DnsHost[], address: string): string[] =>
  hosts.filter((host) => host.address === address).flatMap(({ names }) => names);

/** @example prefixOf("255.255.255.0") // 24 */
function prefixOf(netmask: string): number {
  return netmask.split(".").reduce((bits, part) => bits + Number(part).toString(2).replaceAll("0", "").length, 0);
}

export async function listNetworks(virsh: Virsh, filter: OwnerFilter = {}): Promise<NetworkRecord[]> {
  const [all = "", running = ""] = await virsh.batch([
    ["net-list", "--all", "--uuid"],
    ["net-list", "--uuid"],
  ]);
  const records = await readNetworks(virsh, words(all), new Set(words(running)));
  return records.filter(({ owner }) => matchesOwner(owner, filter)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readNetworks(virsh: Virsh, ids: readonly string[], active: ReadonlySet<string>): Promise<NetworkRecord[]> {
  if (ids.length === 0) return [];
  const definitions = await virsh.batch([...ids.map((id) => ["net-dumpxml", id]), ...ids.map((id) => ["net-dumpxml", id, "--inactive"])]);
  return ids.flatMap((id, index) => {
    const [xml = "", stored = ""] = [definitions[index], definitions[ids.length + index]];
    // One that vanished in between gives nothing.
    return xml.trim() === "" ? [] : [readNetwork(xml, active.has(id), stored.trim() === "" ? xml : stored)];
  });
}

/** The network of that id; undefined if there is none. */
export async function findNetwork(virsh: Virsh, id: string): Promise<NetworkRecord | undefined> {
  const [running = ""] = await virsh.batch([["net-list", "--uuid"]]);
  return (await readNetworks(virsh, [id], new Set(words(running))))[0];
}

export async function removeNetwork(virsh: Virsh, id: string): Promise<void> {
  await virsh.tryRun(["net-destroy", id], ["OBJECT_ALREADY_SO", "OBJECT_NOT_FOUND"]);
  const done = await virsh.tryRun(["net-undefine", id], ["OBJECT_NOT_FOUND"]);
  if (done !== undefined || !(await findNetwork(virsh, id))) return;
  // Somebody has deleted its file: libvirt lets go of it only when there is one to delete.
  const definition = await virsh.run(["net-dumpxml", id, "--inactive"]);
  await withXmlFile(definition, (file) => virsh.run(["net-define", file]));
  await virsh.run(["net-undefine", id]);
}
