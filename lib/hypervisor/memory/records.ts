import { createHash } from "node:crypto";
import { Cidr } from "../../units/cidr.ts";
import type { NetworkRecord, Owner, OwnerFilter, SandboxRecord } from "../hypervisor.ts";
import { defaultPorts } from "../network-settings.ts";
import type { DiskRecord, PortRange, SeedRecord } from "../provisioning.ts";
import type { MemoryDisk, MemoryNetwork, MemorySandbox, MemorySeed } from "./memory-state.ts";

/** True if the object is one of those that are asked for. An empty filter takes strangers, too. */
export function matches(owner: Owner | undefined, { deployment, lab }: OwnerFilter = {}): boolean {
  return (deployment === undefined || owner?.deployment === deployment) && (lab === undefined || owner?.lab === lab);
}

export const imagePath = (digest: string): string => `/memory/images/${digest}.qcow2`;
export const diskPath = (owner: Owner, name: string): string => `/memory/disks/${owner.deployment}/${name}.qcow2`;
export const seedPath = (owner: Owner, name: string): string => `/memory/seeds/${owner.deployment}/${name}`;
export const consolePath = (id: string): string => `/memory/console/${id}.log`;

/** At most 15 characters: `trm-` and eleven of a hash. */
export const bridgeName = (name: string): string => `trm-${createHash("sha256").update(name).digest("hex").slice(0, 11)}`;

export function networkRecord({ id, spec, active }: MemoryNetwork): NetworkRecord {
  return {
    id,
    name: spec.name,
    ...(spec.owner ? { owner: spec.owner } : {}),
    active,
    ...(spec.bridge === undefined ? {} : { bridge: spec.bridge }),
    ...(spec.interface === undefined ? {} : { interface: spec.interface }),
    ...(spec.vlan === undefined ? {} : { vlan: spec.vlan }),
    ...(spec.openvswitch === true ? { openvswitch: true } : {}),
    ...(spec.mtu === undefined ? {} : { mtu: spec.mtu }),
    ...(spec.stp === false ? { stp: false } : {}),
    ...(spec.ports === undefined || isDefaultPorts(spec.ports) ? {} : { ports: spec.ports }),
    ...(spec.dnsServers === undefined || spec.dnsServers.length === 0 ? {} : { dnsServers: spec.dnsServers }),
    mode: spec.mode,
    addresses: spec.cidr === undefined ? [] : [`${spec.gateway}/${Cidr.parse(spec.cidr).prefix}`],
    ...(spec.domain === undefined ? {} : { domain: spec.domain }),
    reservations: spec.reservations,
    records: spec.records,
  };
}

const isDefaultPorts = ({ first, last }: PortRange): boolean => first === defaultPorts.first && last === defaultPorts.last;

export function sandboxRecord({ id, spec, state: power, reason }: MemorySandbox): SandboxRecord {
  const disks = spec.disks.map((disk, index) => ({ target: `vd${letter(index)}`, file: disk, kind: "disk" as const }));
  return {
    id,
    name: spec.name,
    ...(spec.owner ? { owner: spec.owner } : {}),
    state: power,
    reason,
    cpus: spec.cpus,
    ...(spec.maxCpus === undefined ? {} : { maxCpus: spec.maxCpus }),
    memoryBytes: spec.memoryBytes,
    ...(spec.maxMemoryBytes === undefined ? {} : { maxMemoryBytes: spec.maxMemoryBytes }),
    autostart: spec.autostart,
    emulated: spec.accelerator === "emulation",
    nics: spec.nics.map(({ mac, networkName }, index) => ({
      mac,
      network: networkName,
      ...(power === "running" ? { device: `mem-${id.slice(0, 6)}-${index}` } : {}),
    })),
    disks: spec.seed === undefined ? disks : [...disks, { target: "sda", file: spec.seed, kind: "cdrom" }],
    consoleLog: consolePath(id),
    agent: "disconnected",
    forwards: spec.forwards.map(({ hostAddress = "127.0.0.1", ...forward }) => ({ ...forward, hostAddress })),
  };
}

const letter = (index: number): string => String.fromCodePoint("a".codePointAt(0)! + index);

export function diskRecord({ id, sizeBytes, image }: MemoryDisk): DiskRecord {
  return { id, path: id, sizeBytes, ...(image === undefined ? {} : { image }) };
}

export function seedRecord({ id }: MemorySeed): SeedRecord {
  return { id, path: id };
}
