import { virtualBoxCapabilities } from "./capabilities.ts";
import type { Hypervisor } from "../hypervisor.ts";
import { networkChange } from "../network-change.ts";
import type { Provisioning } from "../provisioning.ts";
import { sandboxChange } from "../sandbox-change.ts";
import { readAddresses } from "./addresses.ts";
import { readConsoleTail } from "./console.ts";
import { createDisk, growDisk, listDisks, removeDisk } from "./disks.ts";
import { readHostFacts } from "./host-facts.ts";
import { openVirtualBox, type VirtualBox, type VirtualBoxOptions } from "./host.ts";
import { findImage, placeImage, removeImage } from "./images.ts";
import { consolePath, layoutOf } from "./layout.ts";
import { listSandboxes, readSandbox, requireMachine } from "./list-sandboxes.ts";
import { createNetwork, listNetworks, removeNetwork, updateNetwork } from "./networks.ts";
import { unsupported } from "./owner.ts";
import { powerOffSandbox, rebootSandbox, shutdownSandbox, startSandbox } from "./power.ts";
import { removeSandbox } from "./remove-sandbox.ts";
import { createSandbox, updateSandbox } from "./sandboxes.ts";
import { createSeed, listSeeds, removeSeed } from "./seeds.ts";
import { listSnapshots, removeSnapshot, restoreSnapshot, takeSnapshot } from "./snapshots.ts";
import { hasImage, listPools, listVolumes, removePool, removeVolume, uploadImage } from "./storage.ts";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * VirtualBox through `VBoxManage`, as the user who calls. Every call is a process of its own: nothing to close.
 *
 * @throws DiagnosticError TOOL_MISSING from the first call, where there is no VBoxManage
 * @example const sandboxes = await virtualboxHypervisor().listSandboxes({ lab: "web-tier" });
 */
export function virtualboxHypervisor(options: VirtualBoxOptions = {}): Hypervisor & Provisioning {
  let opened: Promise<VirtualBox> | undefined;
  const open = async (): Promise<VirtualBox> => {
    opened ??= openVirtualBox(options);
    try {
      return await opened;
    } catch (error) {
      // It may be installed before the next call.
      opened = undefined;
      throw error;
    }
  };
  const layout = layoutOf(options.directory ?? join(homedir(), ".terrarium", "virtualbox"));
  const on = async <T>(work: (box: VirtualBox) => T): Promise<Awaited<T>> => await work(await open());
  return {
    capabilities: virtualBoxCapabilities,
    readHost: () => on(readHostFacts),
    listSandboxes: (filter) => on((box) => listSandboxes(box, filter)),
    readSandbox: (id) => on((box) => readSandbox(box, id)),
    start: (id) => on((box) => startSandbox(box, id)),
    shutdown: (id, { timeout = 60_000 } = {}) => on((box) => shutdownSandbox(box, id, timeout)),
    powerOff: (id) => on((box) => powerOffSandbox(box, id)),
    reboot: (id) => on((box) => rebootSandbox(box, id)),
    remove: (id) => on((box) => removeSandbox(box, id)),
    readAddresses: (ids, source) => on((box) => readAddresses(box, ids, source)),
    // VirtualBox counts bytes for its debugger only.
    readNicCounters: async (ids) => new Map(ids.map((id) => [id, []])),
    readGuestFile: () => Promise.reject(noAgent()),
    execInGuest: () => Promise.reject(noAgent()),
    readConsoleTail: (id, maxBytes = 1_048_576) => on((box) => readConsoleTail(box, id, maxBytes)),
    consoleFile: (id) => on(async (box) => (await requireMachine(box, id)).machine.consoleLog),
    // The serial port is a file: it can be followed, not written to.
    consoleCommand: (id) => followFile(consolePath(layout, id), process.platform),
    listNetworks: (filter) => on((box) => listNetworks(box, filter)),
    removeNetwork: (id) => on((box) => removeNetwork(box, id)),
    listPools: () => on(listPools),
    removePool: (name, what) => on((box) => removePool(box, name, what)),
    listVolumes: (pool) => on((box) => listVolumes(box, pool)),
    removeVolume: (pool, name) => on((box) => removeVolume(box, pool, name)),
    uploadImage: (file, target) => uploadImage(file, target),
    hasImage: (target) => hasImage(target),

    createNetwork: (spec) => on((box) => createNetwork(box, spec)),
    updateNetwork: (id, spec) => on((box) => updateNetwork(box, id, spec)),
    networkChange,
    placeImage: (file, digest) => on((box) => placeImage(box, file, digest)),
    findImage: (digest) => on((box) => findImage(box, digest)),
    removeImage: (digest) => on((box) => removeImage(box, digest)),
    createDisk: (spec) => on((box) => createDisk(box, spec)),
    growDisk: (id, sizeBytes) => on((box) => growDisk(box, id, sizeBytes)),
    listDisks: (ids) => listDisks(ids),
    removeDisk: (id) => on((box) => removeDisk(box, id)),
    createSeed: (spec) => on((box) => createSeed(box, spec)),
    listSeeds: (ids) => listSeeds(ids),
    removeSeed: (id) => on((box) => removeSeed(box, id)),
    createSandbox: (spec) => on((box) => createSandbox(box, spec)),
    updateSandbox: (id, spec, how) => on((box) => updateSandbox(box, id, spec, how)),
    sandboxChange: (from, to) => sandboxChange(from, to, virtualBoxCapabilities),
    listSnapshots: (sandbox) => on((box) => listSnapshots(box, sandbox)),
    takeSnapshot: (sandbox, name) => on((box) => takeSnapshot(box, sandbox, name)),
    restoreSnapshot: (sandbox, snapshot) => on((box) => restoreSnapshot(box, sandbox, snapshot)),
    removeSnapshot: (sandbox, snapshot) => on((box) => removeSnapshot(box, sandbox, snapshot)),
  };
}

/** The command that shows a file from its beginning and follows it. Pure. */
export function followFile(path: string, platform: string): readonly string[] {
  if (platform !== "win32") return ["tail", "-n", "+1", "-F", path];
  return ["powershell", "-NoProfile", "-Command", `Get-Content -Wait -LiteralPath '${path.replaceAll("'", "''")}'`];
}

function noAgent(): ReturnType<typeof unsupported> {
  return unsupported(
    "VirtualBox has no way into a guest but the network",
    "Use `terrarium ssh` or `terrarium exec`, which log in over SSH.",
  );
}
