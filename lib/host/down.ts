import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { clearRunDirectory } from "./configuration.ts";
import { stopDaemons } from "./daemons.ts";
import type { HostLocation } from "./embedded-host.ts";
import { hostPaths, type HostPaths } from "./host-directory.ts";
import { withHostLock } from "./host-lock.ts";
import { readHostRecord } from "./host-record.ts";
import { readNamespaceProcesses, removeNamespace } from "./network-namespace.ts";
import { endProcesses, readCommandLine } from "./processes.ts";
import { stopUplink } from "./uplink.ts";

export interface DownOptions extends HostLocation {
  /** Cuts the power of sandboxes that still run. @default false: they are an error */
  readonly force?: boolean;
  /** Also removes the definitions of sandboxes, networks and pools that the host still has. Never their disks. @default false */
  readonly purge?: boolean;
}

/**
 * Takes an embedded host down: afterwards no process, mount, interface or namespace of it is left. Its directory goes too, unless something is
 * still defined on it (and not `purge`): then the next `upEmbedded` has it again. Does nothing if there is no such host.
 *
 * @returns what became of its state
 * @throws DiagnosticError HOST_HAS_SANDBOXES, HOST_STOP_FAILED, HOST_BUSY, HOST_NAME_INVALID
 */
export async function downEmbedded(name: string, options: DownOptions = {}): Promise<"removed" | "kept" | "absent"> {
  const paths = hostPaths(name, options.root);
  return await withHostLock(paths, () => takeDown(paths, options));
}

/** As `downEmbedded`, for a caller that holds the host's lock. */
export async function takeDown(paths: HostPaths, { force = false, purge = false }: DownOptions): Promise<"removed" | "kept" | "absent"> {
  const record = await readHostRecord(paths);
  const running = await listRunningSandboxes(paths);
  if (running.length > 0 && !force) {
    throw new DiagnosticError({
      code: "HOST_HAS_SANDBOXES",
      severity: "error",
      summary: `host "${paths.name}" still runs ${running.length} sandbox${running.length === 1 ? "" : "es"}: ${running.join(", ")}`,
      nextStep: "Stop or destroy them first, or repeat with --force, which cuts their power and keeps their disks.",
    });
  }
  await stopDaemons(paths);
  const stuck = await endProcesses(await readNamespaceProcesses(paths.netns), 3000);
  await stopUplink(paths);
  if (stuck.length > 0) {
    throw new DiagnosticError({
      code: "HOST_STOP_FAILED",
      severity: "error",
      summary: `processes ${stuck.join(", ")} of host "${paths.name}" do not end`,
      nextStep: "They are stuck in the kernel, mostly on a file system that does not answer; repair that, then repeat.",
    });
  }
  await removeNamespace(paths.netns);
  if (purge || !(await hasDefinitions(paths))) {
    await rm(paths.directory, { recursive: true, force: true });
    return record ? "removed" : "absent";
  }
  await clearRunDirectory(paths);
  return "kept";
}

/** Names of the guests whose QEMU runs, read from the processes: right also when libvirtd is dead. */
async function listRunningSandboxes(paths: HostPaths): Promise<string[]> {
  const commandLines = await Promise.all((await readNamespaceProcesses(paths.netns)).map(readCommandLine));
  return commandLines
    .flatMap((args) => {
      const guest = args?.[args.indexOf("-name") + 1];
      return args?.includes("-name") && guest?.startsWith("guest=") ? [guest.slice("guest=".length).split(",")[0] ?? ""] : [];
    })
    .sort();
}

/** True if libvirt has stored a domain, network, pool or secret of its own. */
export async function hasDefinitions(paths: HostPaths): Promise<boolean> {
  const stored = await Promise.all(["qemu", "qemu/networks", "storage", "secrets"].map((part) => listXml(join(paths.etc, part))));
  return stored.some((files) => files.length > 0);
}

async function listXml(directory: string): Promise<string[]> {
  const entries = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
  return entries.filter((entry) => entry.endsWith(".xml"));
}
