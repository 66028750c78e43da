import type { NetworkRecord, Owner } from "../../../hypervisor/hypervisor.ts";
import { defaultPorts } from "../../../hypervisor/network-settings.ts";
import type { DnsRecord, NetworkMode, NetworkSpec, Reservation } from "../../../hypervisor/provisioning.ts";
import { Cidr } from "../../../units/cidr.ts";
import { isKnown, type Unknown } from "../../framework/value.ts";
import { nameOnHost } from "../client.ts";
import type { DecidedNetwork, NetworkState } from "./schema.ts";

/** What a network without a `gateway` of its own has. */
export const defaultGateway = (cidr: string): string => Cidr.parse(cidr).at(1);

/** What a network without a `domain` of its own has. */
export const defaultDomain = (name: string, lab: string): string => `${name}.${lab}.test`;

/** A network as the driver takes it. Pure. */
export function networkSpec(network: DecidedNetwork | NetworkState, owner: Owner): NetworkSpec {
  const bridge = known(network.bridge);
  const { cidr, interface: nic, vlan, openvswitch } = network;
  const served =
    cidr === null
      ? {}
      : {
          cidr,
          gateway: known(network.gateway) ?? defaultGateway(cidr),
          domain: known(network.domain) ?? defaultDomain(network.name, owner.lab),
        };
  return {
    owner,
    name: nameOnHost(owner),
    mode: network.mode as NetworkMode,
    ...served,
    ...(nic === null ? {} : { interface: nic }),
    ...(vlan === null ? {} : { vlan }),
    ...(openvswitch ? { openvswitch } : {}),
    ...settings(network),
    ...(bridge === undefined ? {} : { bridge }),
    reservations: Object.values(network.reservations).map(({ mac, address, name }) => ({
      mac,
      address,
      ...(name === null ? {} : { name }),
    })),
    records: dnsRecords(network.records),
  };
}

/** What has its default is not said: a mode that has no use for it would refuse it. */
function settings({ mtu, stp, nat_ports: ports, dns_servers: dnsServers }: DecidedNetwork | NetworkState): Partial<NetworkSpec> {
  const [first = NaN, last = NaN] = (ports ?? "").split("-").map(Number);
  return {
    ...(mtu === null ? {} : { mtu }),
    ...(stp ? {} : { stp }),
    ...(ports === null ? {} : { ports: { first, last } }),
    ...(dnsServers.length === 0 ? {} : { dnsServers }),
  };
}

function known(value: string | Unknown | null): string | undefined {
  return isKnown(value) && value !== null ? value : undefined;
}

/** By address, since one address may have many names. */
function dnsRecords(names: Readonly<Record<string, string>>): DnsRecord[] {
  const byAddress = new Map<string, string[]>();
  for (const [name, address] of Object.entries(names)) byAddress.set(address, [...(byAddress.get(address) ?? []), name]);
  return [...byAddress].map(([address, list]) => ({ address, names: list.toSorted() }));
}

/** What the host has, as a state; keys of reservations, which the host does not know, are the state's where there is one. Pure. */
export function networkState(record: NetworkRecord, prior: Partial<NetworkState>): NetworkState {
  const [gateway, prefix = "32"] = record.addresses[0]?.split("/") ?? [];
  return {
    name: prior.name ?? record.owner?.name ?? record.name,
    mode: record.mode,
    cidr: gateway === undefined ? null : blockAsBefore(prior.cidr, gateway, prefix),
    gateway: gateway ?? null,
    domain: record.domain ?? prior.domain ?? null,
    bridge: record.bridge ?? null,
    interface: record.interface ?? null,
    vlan: record.vlan ?? null,
    openvswitch: record.openvswitch ?? false,
    mtu: record.mtu ?? null,
    stp: record.stp ?? true,
    nat_ports: portsAsBefore(record.ports, prior.nat_ports),
    dns_servers: record.dnsServers ? [...record.dnsServers] : [],
    reservations: reservationMap(record.reservations ?? [], prior.reservations ?? {}),
    records: Object.fromEntries((record.records ?? []).flatMap(({ address, names }) => names.map((name) => [name, address]))),
    running: record.active,
    id: record.id,
    host_name: record.name,
    change: prior.change ?? "created",
  };
}

function blockAsBefore(before: string | null | undefined, gateway: string, prefix: string): string {
  return typeof before === "string" && contains(before, gateway, prefix) ? before : blockOf(gateway, Number(prefix));
}

/** The default may be written or not. */
function portsAsBefore(ports: NetworkRecord["ports"], before: string | null | undefined): string | null {
  if (ports) return `${ports.first}-${ports.last}`;
  return before === `${defaultPorts.first}-${defaultPorts.last}` ? before : null;
}

function contains(cidr: string, address: string, prefix: string): boolean {
  const block = Cidr.tryParse(cidr);
  return block !== undefined && String(block.prefix) === prefix && block.indexOf(address) !== undefined;
}

function blockOf(address: string, prefix: number): string {
  const everything = Cidr.parse("0.0.0.0/0");
  const index = everything.indexOf(address) ?? 0;
  return Cidr.of(index - (index % 2 ** (32 - prefix)), prefix).toString();
}

function reservationMap(found: readonly Reservation[], prior: NetworkState["reservations"]): NetworkState["reservations"] {
  const left = [...found];
  const take = (is: (reservation: Reservation) => boolean): Reservation | undefined => {
    const index = left.findIndex(is);
    return index < 0 ? undefined : left.splice(index, 1)[0];
  };
  // First those that are as they were, then those whose address or name somebody changed: a key keeps its NIC.
  const kept = new Map<string, Reservation>();
  for (const [key, { mac, address }] of Object.entries(prior)) {
    const same = take((reservation) => reservation.mac === mac && reservation.address === address);
    if (same) kept.set(key, same);
  }
  for (const [key, { mac }] of Object.entries(prior)) {
    const moved = kept.has(key) ? undefined : take((reservation) => reservation.mac === mac);
    if (moved) kept.set(key, moved);
  }
  for (const reservation of left) kept.set(freeKey(reservation, kept), reservation);
  return Object.fromEntries([...kept].map(([key, { mac, address, name }]) => [key, { mac, address, name: name ?? null }]));
}

/** For one that the state does not know: what it is called, else its MAC. */
function freeKey({ name, mac, address }: Reservation, taken: ReadonlyMap<string, unknown>): string {
  return [name, mac, `${mac} ${address}`].find((key) => key !== undefined && !taken.has(key)) ?? `${mac} ${address} ${taken.size}`;
}
