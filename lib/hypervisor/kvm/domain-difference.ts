import type { Element } from "@xmldom/xmldom";
import type { SandboxSpec } from "../provisioning.ts";
import { sameOwner } from "../same-owner.ts";
import { kibibytes, type NetworkNames } from "./domain-xml.ts";
import { shapeOf, type Shape } from "./live-limits.ts";
import { readOwner } from "./owner.ts";
import { attribute, children, descend } from "./xml.ts";
import { memoryBytes } from "./read-domain.ts";

/** How a domain, running or stored, is otherwise than asked for. */
export interface DomainDifference {
  readonly owner: boolean;
  /** CPUs or their limit, as only a reboot can change them. */
  readonly cpus: boolean;
  /** More CPUs, within their limit. */
  readonly liveCpus: boolean;
  /** Memory or its limit, as only a reboot can change it. */
  readonly memory: boolean;
  /** Memory within its limit. */
  readonly liveMemory: boolean;
  readonly seed: boolean;
  /** The NICs, as they stand there, that are to go. */
  readonly nicsToRemove: readonly Element[];
  readonly nicsToMove: readonly { readonly nic: Element; readonly network: string }[];
  readonly nicsToAdd: readonly { readonly mac: string; readonly network: string }[];
  readonly disksToRemove: readonly Element[];
  /** Paths of further disks. */
  readonly disksToAdd: readonly string[];
  /** It boots from another disk. */
  readonly bootDisk: boolean;
}

/** Compares a domain with its specification. What the specification does not say (devices that somebody added by hand beside NICs and disks) is no difference. Pure. */
export function domainDifference(domain: Element, spec: SandboxSpec, networks: NetworkNames): DomainDifference {
  const owner = readOwner(domain);
  const devices = descend(domain, "devices");
  const nics = children(devices, "interface").map((nic) => ({
    nic,
    mac: (attribute(descend(nic, "mac"), "address") ?? "").toLowerCase(),
    network: attribute(descend(nic, "source"), "network"),
  }));
  const wanted = spec.nics.map(({ mac, network }) => ({ mac: mac.toLowerCase(), network: networks.get(network) ?? network }));
  const wantedAt = new Map(wanted.map(({ mac, network }) => [mac, network]));
  const disks = children(devices, "disk").filter((disk) => attribute(disk, "device") !== "cdrom");
  const files = disks.map(diskFile);
  const seeds = children(devices, "disk")
    .filter((disk) => attribute(disk, "device") === "cdrom")
    .flatMap((disk) => diskFile(disk) ?? []);
  return {
    owner: !owner || !sameOwner(owner, spec.owner),
    ...shapeDifference(shapeOf(domain, kibibytes(memoryBytes(domain))), spec),
    seed: seeds[0] !== spec.seed,
    nicsToRemove: nics.filter(({ mac }) => !wantedAt.has(mac)).map(({ nic }) => nic),
    nicsToMove: nics.flatMap(({ nic, mac, network }) => {
      const target = wantedAt.get(mac);
      return target === undefined || target === network ? [] : [{ nic, network: target }];
    }),
    nicsToAdd: wanted.filter(({ mac }) => !nics.some((nic) => nic.mac === mac)),
    disksToRemove: disks.filter((disk) => !spec.disks.includes(diskFile(disk) ?? "")),
    disksToAdd: spec.disks.filter((file) => !files.includes(file)),
    bootDisk: files[0] !== spec.disks[0],
  };
}

function shapeDifference(
  { cpus, maxCpus, memory, maxMemory }: Shape,
  { maxMemoryBytes, ...spec }: SandboxSpec,
): Pick<DomainDifference, "cpus" | "liveCpus" | "memory" | "liveMemory"> {
  const moreCpus = cpus < spec.cpus;
  const otherMemory = memory !== kibibytes(spec.memoryBytes);
  const [cpusInRoom, memoryInRoom] = [maxCpus !== undefined && maxCpus === spec.maxCpus, maxMemory !== undefined];
  const sameLimit = maxMemory === (maxMemoryBytes === undefined ? undefined : kibibytes(maxMemoryBytes));
  return {
    cpus: maxCpus !== spec.maxCpus || cpus > spec.cpus || (moreCpus && !cpusInRoom),
    liveCpus: moreCpus && cpusInRoom,
    memory: !sameLimit || (otherMemory && !memoryInRoom),
    liveMemory: otherMemory && sameLimit && memoryInRoom,
  };
}

/** True if a running domain can only take this by being off in between. */
export function needsReboot({ cpus, memory, seed, bootDisk }: DomainDifference): boolean {
  return cpus || memory || seed || bootDisk;
}

/** True if a definition is as asked for. */
export function isSame(difference: DomainDifference): boolean {
  return Object.values(difference).every((part: boolean | readonly unknown[]) => (typeof part === "boolean" ? !part : part.length === 0));
}

export function diskFile(disk: Element): string | undefined {
  return attribute(descend(disk, "source"), "file");
}
