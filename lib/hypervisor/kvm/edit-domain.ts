import type { Element } from "@xmldom/xmldom";
import type { SandboxSpec } from "../provisioning.ts";
import type { DomainDifference } from "./domain-difference.ts";
import { diskElement, diskTarget, kibibytes, nicElement, seedElement, wantedMemory } from "./domain-xml.ts";
import { append, element } from "./element.ts";
import { cpuElements, fitQueues } from "./live-limits.ts";
import { replaceOwner } from "./owner.ts";
import { attribute, children, descend } from "./xml.ts";

/**
 * Brings a stored definition to the specification, in place. What is not otherwise stays as it is, with its PCI address: a guest must not find its
 * devices elsewhere because it got one more.
 */
export function editDomain(domain: Element, spec: SandboxSpec, difference: DomainDifference): void {
  const devices = descend(domain, "devices");
  if (!devices) throw new Error(`The definition of ${spec.name} has no devices`);
  const memory = difference.memory || difference.liveMemory;
  if (difference.owner || memory) replaceOwner(domain, spec.owner, wantedMemory(spec));
  if (difference.cpus || difference.liveCpus) replaceCpus(domain, spec);
  if (memory) replaceMemory(domain, spec);
  for (const device of [...difference.nicsToRemove, ...difference.disksToRemove]) devices.removeChild(device);
  for (const { nic, network } of difference.nicsToMove) moveNic(nic, network);
  for (const { mac, network } of difference.nicsToAdd) append(devices, nicElement(mac, network));
  if (difference.bootDisk) replaceDisks(devices, spec);
  else for (const file of difference.disksToAdd) append(devices, diskElement(file, freeTarget(devices), spec.maxCpus));
  if (difference.cpus) fitQueues(devices, spec.maxCpus);
  if (difference.seed) replaceSeed(devices, spec.seed);
}

function replaceCpus(domain: Element, spec: SandboxSpec): void {
  for (const name of ["vcpu", "vcpus"]) for (const child of children(domain, name)) domain.removeChild(child);
  for (const child of cpuElements(spec)) append(domain, child);
}

function replaceMemory(domain: Element, { memoryBytes, maxMemoryBytes = memoryBytes }: SandboxSpec): void {
  const sizes = { memory: maxMemoryBytes, currentMemory: memoryBytes };
  for (const [name, bytes] of Object.entries(sizes)) {
    for (const child of children(domain, name)) domain.removeChild(child);
    append(domain, element(name, { unit: "KiB" }, [String(kibibytes(bytes))]));
  }
}

/** Plugs a NIC into another network. What libvirt noted about its place in the former one goes. */
export function moveNic(nic: Element, network: string): void {
  nic.setAttribute("type", "network");
  for (const name of ["source", "target", "alias"]) for (const child of children(nic, name)) nic.removeChild(child);
  append(nic, element("source", { network }));
}

/** Another disk to boot from: the first is the one that the firmware tries, so all are named anew. */
function replaceDisks(devices: Element, { disks, maxCpus }: SandboxSpec): void {
  for (const disk of hardDisks(devices)) devices.removeChild(disk);
  for (const [index, file] of disks.entries()) append(devices, diskElement(file, diskTarget(index), maxCpus));
}

/** The first target that no disk has. */
export function freeTarget(devices: Element): string {
  const taken = new Set(children(devices, "disk").map((disk) => attribute(descend(disk, "target"), "dev")));
  let index = 0;
  while (taken.has(diskTarget(index))) index += 1;
  return diskTarget(index);
}

function replaceSeed(devices: Element, file: string | undefined): void {
  const drives = children(devices, "disk").filter((disk) => attribute(disk, "device") === "cdrom");
  for (const drive of drives) devices.removeChild(drive);
  if (file !== undefined) append(devices, seedElement(file));
}

const hardDisks = (devices: Element): Element[] => children(devices, "disk").filter((disk) => attribute(disk, "device") !== "cdrom");
