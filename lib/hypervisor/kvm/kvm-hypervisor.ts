import type { Hypervisor } from "../hypervisor.ts";
import { networkChange } from "../network-change.ts";
import type { Provisioning } from "../provisioning.ts";
import { sandboxChange } from "../sandbox-change.ts";
import { readAddresses, readNicCounters } from "./addresses.ts";
import { execInGuest, readGuestFile } from "./agent.ts";
import { kvmCapabilitiesAt } from "./capabilities.ts";
import { consoleFileHere, readConsoleTail } from "./console.ts";
import { createDomain } from "./create-domain.ts";
import { createNetwork } from "./create-network.ts";
import { createDisk, growDisk, listDisks, removeDisk } from "./disks.ts";
import { readHostFacts } from "./host-facts.ts";
import { findImage, placeImage, removeImage } from "./images.ts";
import { listDomains } from "./list-domains.ts";
import { listNetworks, removeNetwork } from "./networks.ts";
import { powerOffDomain, rebootDomain, removeDomain, shutdownDomain, startDomain } from "./power.ts";
import { createSeed, listSeeds, removeSeed } from "./seeds.ts";
import { listSnapshots, removeSnapshot, restoreSnapshot, takeSnapshot } from "./snapshots.ts";
import { listPools, listVolumes, removePool, removeVolume } from "./storage.ts";
import { bringDomain } from "./update-domain.ts";
import { updateNetwork } from "./update-network.ts";
import { hasImage, uploadImage } from "./upload-image.ts";
import { Virsh } from "./virsh.ts";

export interface KvmOptions {
  /** Milliseconds for one call to libvirtd. Uploads and guest commands have timeouts of their own. @default 30000 */
  readonly timeout?: number;
  /** Where the host's `/var/log/libvirt` is on this machine. @default "/var/log/libvirt"; an embedded host has its own */
  readonly logDirectory?: string;
  /** The host's name in the lab: part of the directory that holds a deployment's disks. @default "local" */
  readonly hostName?: string;
  /** Words before a program that bring it into the network of the host's sandboxes: `["nsenter", "--net=…"]`. @default - that is the machine's */
  readonly enterNetwork?: readonly string[];
}

/**
 * KVM and QEMU through libvirt's `virsh`. Connects at each call: nothing to close.
 *
 * @param uri any that libvirt takes: `qemu:///system`, `qemu+ssh://…`, an embedded host's
 * @example const running = await kvmHypervisor("qemu:///system").listSandboxes({ lab: "web-tier" });
 */
export function kvmHypervisor(
  uri: string,
  { timeout, logDirectory = "/var/log/libvirt", hostName = "local", enterNetwork = [] }: KvmOptions = {},
): Hypervisor & Provisioning {
  const virsh = new Virsh(uri, timeout);
  const capabilities = kvmCapabilitiesAt(uri);
  return {
    readHost: () => readHostFacts(virsh),
    listSandboxes: (filter) => listDomains(virsh, filter),
    readSandbox: async (id) => (await listDomains(virsh)).find((sandbox) => sandbox.id === id),
    start: (id) => startDomain(virsh, id),
    shutdown: (id, { timeout: patience = 60_000 } = {}) => shutdownDomain(virsh, id, patience),
    powerOff: (id) => powerOffDomain(virsh, id),
    reboot: (id) => rebootDomain(virsh, id),
    remove: (id) => removeDomain(virsh, id),
    readAddresses: (ids, source) => readAddresses(virsh, ids, source),
    readNicCounters: (ids) => readNicCounters(virsh, ids),
    readGuestFile: (id, path, { maxBytes = 2 ** 20 } = {}) => readGuestFile(virsh, id, path, maxBytes),
    execInGuest: (id, command, { timeout: patience = 60_000 } = {}) => execInGuest(virsh, id, command, patience),
    readConsoleTail: (id, maxBytes = 16 * 1024) => readConsoleTail(virsh, id, maxBytes, logDirectory),
    consoleFile: async (id) => consoleFileHere(await listDomains(virsh), id, logDirectory),
    consoleCommand: (id) => ["virsh", "-q", "-c", uri, "console", id, "--force"],
    listNetworks: (filter) => listNetworks(virsh, filter),
    removeNetwork: (id) => removeNetwork(virsh, id),
    listPools: () => listPools(virsh),
    removePool: (name, { volumes = false } = {}) => removePool(virsh, name, volumes),
    listVolumes: (pool) => listVolumes(virsh, pool),
    removeVolume: (pool, name) => removeVolume(virsh, pool, name),
    uploadImage: (file, target) => uploadImage(virsh, file, target),
    hasImage: (target) => hasImage(virsh, target),

    capabilities,
    createNetwork: (spec) => createNetwork(virsh, spec),
    updateNetwork: (id, spec) => updateNetwork(virsh, id, spec),
    networkChange,
    placeImage: (file, digest) => placeImage(virsh, file, digest),
    findImage: (digest) => findImage(virsh, digest),
    removeImage: (digest) => removeImage(virsh, digest),
    createDisk: (spec) => createDisk(virsh, spec, hostName, (digest) => findImage(virsh, digest)),
    growDisk: (id, sizeBytes) => growDisk(virsh, id, sizeBytes),
    listDisks: (ids) => listDisks(virsh, ids),
    removeDisk: (id) => removeDisk(virsh, id),
    createSeed: (spec) => createSeed(virsh, spec, hostName),
    listSeeds: (ids) => listSeeds(virsh, ids),
    removeSeed: (id) => removeSeed(virsh, id),
    createSandbox: (spec) => createDomain(virsh, spec, enterNetwork),
    updateSandbox: (id, spec, updateOptions) => bringDomain(virsh, id, spec, { ...updateOptions, enterNetwork }),
    sandboxChange: (from, to) => sandboxChange(from, to, capabilities),
    listSnapshots: (sandbox) => listSnapshots(virsh, sandbox),
    takeSnapshot: (sandbox, name) => takeSnapshot(virsh, sandbox, name),
    restoreSnapshot: (sandbox, snapshot) => restoreSnapshot(virsh, sandbox, snapshot),
    removeSnapshot: (sandbox, snapshot) => removeSnapshot(virsh, sandbox, snapshot),
  };
}
