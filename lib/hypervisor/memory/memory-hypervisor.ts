import { readFile } from "node:fs/promises";
import type { HostFacts, Hypervisor } from "../hypervisor.ts";
import { networkChange } from "../network-change.ts";
import type { Capabilities, Provisioning } from "../provisioning.ts";
import { sandboxChange } from "../sandbox-change.ts";
import { createDisk, growDisk, listDisks, removeDisk } from "./disks.ts";
import { failure } from "./failure.ts";
import type { MemoryFault } from "./faults.ts";
import { findImage, placeImage, removeImage } from "./images.ts";
import { contentOf, imageSize } from "./memory-files.ts";
import { emptyState, type MemoryState } from "./memory-state.ts";
import { MemoryStore } from "./memory-store.ts";
import { createNetwork, removeNetwork, updateNetwork } from "./networks.ts";
import { counters, find, leases, powerOff, reboot, remove, shutdown, start } from "./power.ts";
import { consolePath, matches, networkRecord, sandboxRecord } from "./records.ts";
import { createSandbox, updateSandbox } from "./sandboxes.ts";
import { createSeed, listSeeds, removeSeed } from "./seeds.ts";
import { removeSnapshot, restoreSnapshot, takeSnapshot } from "./snapshots.ts";
import { hasImage, removePool, removeVolume, uploadImage } from "./storage.ts";

export interface MemoryOptions {
  /** JSON file that holds the host: all that name it, in any process, share it. @default - the host is in this object and ends with it */
  readonly file?: string;
  /** What the host has at first; with a file only until that is there. @default - nothing */
  readonly state?: Partial<MemoryState>;
  /** What goes wrong. @default - nothing */
  readonly faults?: readonly MemoryFault[];
  /** JSON file with further faults, a list of `MemoryFault`, read at each call: tests change it while a provider runs. A file that is not there has none. */
  readonly faultsFile?: string;
  /** What differs from KVM's capabilities. @default - nothing but the name */
  readonly capabilities?: Partial<Capabilities>;
  /** What differs from a host of 4 CPUs and 8 GiB. */
  readonly host?: Partial<HostFacts>;
}

const kvmLike: Capabilities = {
  hypervisor: "memory",
  networkModes: ["nat", "isolated", "routed", "bridged", "none"],
  live: { labels: true, cpus: true, memory: true, nics: true, disks: true, diskGrowth: true, seed: false },
  forwards: false,
  dnsRecords: true,
  memorySnapshots: true,
  networkSettings: true,
  agent: true,
};

const hostFacts: HostFacts = {
  hypervisor: "memory",
  hypervisorVersion: "1.0.0",
  libraryVersion: "1.0.0",
  architecture: "x86_64",
  cpus: 4,
  memoryBytes: 8 * 2 ** 30,
  offersKvm: true,
};

/**
 * A hypervisor that is a value: for tests of everything above the drivers, with faults on request. It keeps the contract, and the limits that a real host has:
 * addresses, bridges and ports are taken once, a sandbox does not start without its disks and networks. Its guests are ready at once, and have no agent.
 *
 * @example const host = memoryHypervisor({ faults: [{ operation: "createSandbox", call: 2, when: "after", code: "HOST_LOST" }] });
 */
export function memoryHypervisor(options: MemoryOptions = {}): Hypervisor & Provisioning {
  const { file, state = {}, faults = [], faultsFile } = options;
  const capabilities: Capabilities = { ...kvmLike, ...options.capabilities };
  const store = new MemoryStore({
    state: { ...emptyState, ...state },
    file,
    faults: async () => (faultsFile === undefined ? faults : [...faults, ...(await readFaults(faultsFile))]),
  });
  const agentDown = async (id: string): Promise<never> => {
    const { spec } = find(await store.current(), id);
    if (!capabilities.agent) throw failure("HYPERVISOR_UNSUPPORTED", "this host has no guest agent", "Use SSH.");
    throw failure(
      "AGENT_DOWN",
      `no guest agent answers in sandbox ${JSON.stringify(spec.name)}`,
      "Guests of this hypervisor have none; use SSH.",
    );
  };
  return {
    capabilities,
    networkChange,
    sandboxChange: (from, to) => sandboxChange(from, to, capabilities),

    readHost: () => store.read("readHost", () => ({ ...hostFacts, ...options.host })),
    listSandboxes: (filter) =>
      store.read("listSandboxes", (now) =>
        now.sandboxes
          .filter(({ spec }) => matches(spec.owner, filter))
          .map(sandboxRecord)
          .sort(byName),
      ),
    readSandbox: (id) =>
      store.read("readSandbox", (now) => {
        const found = now.sandboxes.find((sandbox) => sandbox.id === id);
        return found && sandboxRecord(found);
      }),
    start: (id) => store.run("start", start(id)),
    shutdown: (id) => store.run("shutdown", shutdown(id)),
    powerOff: (id) => store.run("powerOff", powerOff(id)),
    reboot: (id) => store.run("reboot", reboot(id)),
    remove: (id) => store.run("remove", remove(id)),
    readAddresses: (ids, source) =>
      store.read("readAddresses", (now) => (source === "lease" ? leases(now, ids) : new Map(ids.map((id) => [id, []])))),
    readNicCounters: (ids) => store.read("readNicCounters", (now) => counters(now, ids)),
    readGuestFile: agentDown,
    execInGuest: agentDown,
    readConsoleTail: (id, maxBytes = 16 * 1024) =>
      store.read("readConsoleTail", (now) => {
        const { spec, boots } = find(now, id);
        if (boots === 0) throw failure("CONSOLE_UNREADABLE", `sandbox ${JSON.stringify(spec.name)} has never been started`, "Start it.");
        return Buffer.from(`boot ${boots} of ${spec.name}\r\n`).subarray(-maxBytes);
      }),
    consoleFile: (id) =>
      store.read("consoleFile", (now) => (now.sandboxes.some((sandbox) => sandbox.id === id) ? consolePath(id) : undefined)),
    consoleCommand: (id) => ["tail", "-f", consolePath(id)],

    listNetworks: (filter) =>
      store.read("listNetworks", (now) =>
        now.networks
          .filter(({ spec }) => matches(spec.owner, filter))
          .map(networkRecord)
          .sort(byName),
      ),
    createNetwork: (spec) => store.run("createNetwork", createNetwork(spec, capabilities)),
    updateNetwork: (id, spec) => store.run("updateNetwork", updateNetwork(id, spec, capabilities)),
    removeNetwork: (id) => store.run("removeNetwork", removeNetwork(id)),

    placeImage: async (path, digest) => {
      const present = findImage(await store.current(), digest);
      return await store.run("placeImage", placeImage(digest, present?.sizeBytes ?? (await imageSize(path))));
    },
    findImage: (digest) => store.read("findImage", (now) => findImage(now, digest)),
    removeImage: (digest) => store.run("removeImage", removeImage(digest)),
    createDisk: (spec) => store.run("createDisk", createDisk(spec)),
    growDisk: (id, sizeBytes) => store.run("growDisk", growDisk(id, sizeBytes)),
    listDisks: (ids) => store.read("listDisks", (now) => listDisks(now, ids)),
    removeDisk: (id) => store.run("removeDisk", removeDisk(id)),
    createSeed: async (spec) => {
      const content = await contentOf(spec.file);
      return await store.run("createSeed", createSeed(spec, content));
    },
    listSeeds: (ids) => store.read("listSeeds", (now) => listSeeds(now, ids)),
    removeSeed: (id) => store.run("removeSeed", removeSeed(id)),

    createSandbox: (spec) => store.run("createSandbox", createSandbox(spec, capabilities)),
    updateSandbox: (id, spec) => store.run("updateSandbox", updateSandbox(id, spec, capabilities)),

    listSnapshots: (id) => store.read("listSnapshots", (now) => [...(now.sandboxes.find((sandbox) => sandbox.id === id)?.snapshots ?? [])]),
    takeSnapshot: (id, name) => store.run("takeSnapshot", takeSnapshot(id, name, capabilities, new Date())),
    restoreSnapshot: (id, snapshot) => store.run("restoreSnapshot", restoreSnapshot(id, snapshot)),
    removeSnapshot: (id, snapshot) => store.run("removeSnapshot", removeSnapshot(id, snapshot)),

    listPools: () => store.read("listPools", ({ pools }) => pools.map(({ id, name, path }) => ({ id, name, path, active: true }))),
    removePool: (name) => store.run("removePool", removePool(name)),
    listVolumes: (pool) =>
      store.read("listVolumes", ({ pools }) => {
        const found = pools.find(({ name }) => name === pool);
        return (found?.volumes ?? []).map((name) => ({ name, path: `${found?.path}/${name}` }));
      }),
    removeVolume: (pool, name) => store.run("removeVolume", removeVolume(pool, name)),
    uploadImage: (_file, target) => store.run("uploadImage", uploadImage(target)),
    hasImage: (target) => store.read("hasImage", (now) => hasImage(now, target)),
  };
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);

async function readFaults(file: string): Promise<readonly MemoryFault[]> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as readonly MemoryFault[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
