import { readdir } from "node:fs/promises";
import { daemons, readDaemon } from "./daemons.ts";
import { hostPaths, hostsDirectory } from "./host-directory.ts";
import { readBootId, readHostRecord, type Uplink } from "./host-record.ts";
import { readNamespaceState } from "./network-namespace.ts";

/** A libvirtd in namespaces of its own, as found on this machine. */
export interface EmbeddedHost {
  readonly name: string;
  /** Its state directory. */
  readonly directory: string;
  /** For virsh and Terraform, from outside its namespaces. Of use only while it is up. */
  readonly uri: string;
  /** Its network namespace, under /run/netns. */
  readonly netns: string;
  /** True if its daemons run. False after a reboot of the machine, a kill, or between labs: `upEmbedded` brings it back with all it had. */
  readonly up: boolean;
  /** True: it goes down with its last sandbox. */
  readonly onDemand: boolean;
  readonly uplink: Uplink;
}

export interface HostLocation {
  /** Directory of all embedded hosts. @default hostsDirectory() */
  readonly root?: string;
}

/**
 * Looks at an embedded host without changing anything.
 *
 * @returns undefined if there is none of that name
 * @throws DiagnosticError HOST_NAME_INVALID
 */
export async function readEmbedded(name: string, { root }: HostLocation = {}): Promise<EmbeddedHost | undefined> {
  const paths = hostPaths(name, root);
  const record = await readHostRecord(paths);
  if (!record) return undefined;
  const running = await Promise.all(daemons.map((daemon) => readDaemon(paths, daemon)));
  const up =
    record.bootId === (await readBootId()) &&
    (await readNamespaceState(paths.netns)) === "ready" &&
    running.every((pid) => pid !== undefined);
  return {
    name,
    directory: paths.directory,
    uri: paths.uri,
    netns: paths.netns,
    up,
    onDemand: record.onDemand,
    uplink: record.uplink,
  };
}

/** All embedded hosts of this machine, up or not, by name. */
export async function listEmbedded({ root = hostsDirectory() }: HostLocation = {}): Promise<EmbeddedHost[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")).map((entry) => entry.name);
  const hosts = await Promise.all(names.sort().map((name) => readEmbedded(name, { root })));
  return hosts.filter((host) => host !== undefined);
}
