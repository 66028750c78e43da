import type { Hypervisor } from "../hypervisor.ts";
import { readAddresses, readNicCounters } from "./addresses.ts";
import { execInGuest, readGuestFile } from "./agent.ts";
import { consoleFileHere, readConsoleTail } from "./console.ts";
import { readHostFacts } from "./host-facts.ts";
import { listDomains } from "./list-domains.ts";
import { listNetworks, removeNetwork } from "./networks.ts";
import { powerOffDomain, rebootDomain, removeDomain, shutdownDomain, startDomain } from "./power.ts";
import { hasImage, listPools, listVolumes, removePool, removeVolume, uploadImage } from "./storage.ts";
import { Virsh } from "./virsh.ts";

export interface KvmOptions {
  /** Milliseconds for one call to libvirtd. Uploads and guest commands have timeouts of their own. @default 30000 */
  readonly timeout?: number;
  /** Where the host's `/var/log/libvirt` is on this machine. @default "/var/log/libvirt"; an embedded host has its own */
  readonly logDirectory?: string;
}

/**
 * KVM and QEMU through libvirt's `virsh`. Connects at each call: nothing to close.
 *
 * @param uri any that libvirt takes: `qemu:///system`, `qemu+ssh://…`, an embedded host's
 * @example const running = await kvmHypervisor("qemu:///system").listSandboxes({ lab: "web-tier" });
 */
export function kvmHypervisor(uri: string, { timeout, logDirectory = "/var/log/libvirt" }: KvmOptions = {}): Hypervisor {
  const virsh = new Virsh(uri, timeout);
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
  };
}
