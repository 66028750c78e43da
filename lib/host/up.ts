import { access, chmod, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { hasErrors } from "../diagnostics/diagnostic.ts";
import { clearRunDirectory, writeConfiguration } from "./configuration.ts";
import { daemons, isAnswering, readDaemon, startDaemon, stopDaemons } from "./daemons.ts";
import { readEmbedded, type EmbeddedHost, type HostLocation } from "./embedded-host.ts";
import { hostPaths, type HostPaths } from "./host-directory.ts";
import { removeHalfNetworks } from "./half-networks.ts";
import { hostFailure } from "./host-failure.ts";
import { withHostLock } from "./host-lock.ts";
import { readBootId, readHostRecord, writeHostRecord, type HostRecord, type Uplink } from "./host-record.ts";
import { makeNamespace, readNamespaceProcesses, readNamespaceState, removeNamespace } from "./network-namespace.ts";
import { checkPrerequisites, defaultUplink } from "./prerequisites.ts";
import { endProcesses } from "./processes.ts";
import { startUplink } from "./uplink.ts";

/** The steps of a start, in order; `onStep` hears each before it is done. */
export const upSteps = ["record", "configuration", "leftovers", "namespace", "uplink", "virtlogd", "libvirtd", "answer"] as const;
export type UpStep = (typeof upSteps)[number];

export interface UpOptions extends HostLocation {
  /**
   * True: if the host has to be started, it goes down with its last sandbox; one that is already up stays what it is.
   * False: it stays up until `downEmbedded`.
   *
   * @default false
   */
  readonly onDemand?: boolean;
  /** @default what the host had before; for a new one `slirp` where slirp4netns is installed, else `none` */
  readonly uplink?: Uplink;
  readonly onStep?: (step: UpStep) => void;
}

/**
 * Brings an embedded host up: a libvirtd in its own network and mount namespaces. Idempotent: for one that is up it only looks, in about 30 ms.
 * A half-made one (a killed start, a killed libvirtd, a reboot of the machine) is repaired; guests that still run are kept.
 *
 * @throws DiagnosticError HOST_NAME_INVALID, HOST_NEEDS_LINUX, HOST_NEEDS_ROOT, HOST_PROGRAMS_MISSING, HOST_BUSY, HOST_START_FAILED
 * @example const { uri } = await upEmbedded("local"); // qemu:///system?socket=/var/lib/terrarium/h/local/run/libvirt-sock
 */
export async function upEmbedded(name: string, options: UpOptions = {}): Promise<EmbeddedHost> {
  const paths = hostPaths(name, options.root);
  const diagnostics = await checkPrerequisites(options.uplink);
  if (hasErrors(diagnostics)) throw new DiagnosticError(diagnostics);
  return await withHostLock(paths, () => bringUp(paths, options));
}

async function bringUp(paths: HostPaths, { onDemand = false, uplink, root, onStep = () => undefined }: UpOptions): Promise<EmbeddedHost> {
  const former = await readHostRecord(paths);
  const bootId = await readBootId();
  const found = await readEmbedded(paths.name, { root });
  const record: HostRecord = {
    // A start that was asked to stay wins over one on demand; a host that is up stays what it is.
    onDemand: found?.up ? found.onDemand && onDemand : onDemand,
    uplink: uplink ?? former?.uplink ?? (await defaultUplink()),
    bootId,
  };
  onStep("record");
  await writeHostRecord(paths, { ...record, bootId: former?.bootId ?? bootId });
  await openPath(paths.directory);
  onStep("configuration");
  await writeConfiguration(paths, record.uplink);
  onStep("leftovers");
  if (former?.bootId !== bootId) await clearRunDirectory(paths);
  await writeHostRecord(paths, record);
  await removeOrphans(paths);
  onStep("namespace");
  await makeNamespace(paths.netns);
  onStep("uplink");
  if (record.uplink === "slirp") await startUplink(paths);
  for (const daemon of daemons) {
    onStep(daemon);
    if (daemon === "libvirtd" && (await readDaemon(paths, daemon)) === undefined) await removeHalfNetworks(paths);
    await startDaemon(paths, daemon);
  }
  onStep("answer");
  await waitForAnswer(paths);
  const host = await readEmbedded(paths.name, { root });
  if (!host?.up) throw hostFailure(`host "${paths.name}" ended right after its start; its logs are in ${paths.log}`);
  return host;
}

/** QEMU's unprivileged user must pass through every directory above its disks; 0711 lets it pass and not list. */
async function openPath(directory: string): Promise<void> {
  for (const path of [directory, dirname(directory)]) await chmod(path, 0o711);
  await mkdir("/var/lib/terrarium", { recursive: true, mode: 0o755 });
}

/**
 * If libvirtd does not run and its notes about guests and networks are lost, nobody knows what still runs in the namespace: end it and start
 * from an empty one. With its notes it takes over guests and dnsmasq again, so they are left alone.
 */
async function removeOrphans(paths: HostPaths): Promise<void> {
  if ((await readDaemon(paths, "libvirtd")) !== undefined) return;
  const notes = await Promise.all(["network", "qemu"].map((part) => exists(join(paths.run, part))));
  if (notes.every(Boolean) || (await readNamespaceState(paths.netns)) === "absent") return;
  await endProcesses(await readNamespaceProcesses(paths.netns), 2000);
  await removeNamespace(paths.netns);
}

const exists = async (path: string): Promise<boolean> =>
  await access(path).then(
    () => true,
    () => false,
  );

/** A daemon that runs and does not answer (stopped, hung, its socket removed) is ended and started once more: guests live on. */
async function waitForAnswer(paths: HostPaths): Promise<void> {
  if (await isAnswering(paths.uri)) return;
  await stopDaemons(paths, ["libvirtd"]);
  await removeHalfNetworks(paths);
  await startDaemon(paths, "libvirtd");
  if (!(await isAnswering(paths.uri)))
    throw hostFailure(`libvirtd of host "${paths.name}" runs, but does not answer; its log: ${paths.log}/libvirtd.log`);
}
