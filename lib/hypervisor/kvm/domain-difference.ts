import type { Element } from "@xmldom/xmldom";
import type { SandboxSpec } from "../provisioning.ts";
import { sameOwner } from "../same-owner.ts";
import { kibibytes, type NetworkNames } from "./domain-xml.ts";
import { readOwner } from "./owner.ts";
import { attribute, children, descend } from "./xml.ts";
import { memoryBytes } from "./read-domain.ts";

/** How a domain, running or stored, is otherwise than asked for. */
export interface DomainDifference {
  readonly owner: boolean;
  readonly cpus: boolean;
  readonly memory: boolean;
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
    cpus: Number(descend(domain, "vcpu")?.textContent ?? 0) !== spec.cpus,
    memory: kibibytes(memoryBytes(domain)) !== kibibytes(spec.memoryBytes),
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
