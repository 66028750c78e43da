import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasDefinitions, takeDown } from "./down.ts";
import { listEmbedded, readEmbedded, type EmbeddedHost, type HostLocation } from "./embedded-host.ts";
import { hostPaths, type HostPaths } from "./host-directory.ts";
import { withHostLock } from "./host-lock.ts";
import { readStartTime } from "./processes.ts";
import { upEmbedded, type UpOptions } from "./up.ts";

const usersDirectory = ({ directory }: HostPaths): string => join(directory, "users");

/**
 * Brings a host up on demand and notes that this process works on it, so that another lab's last `destroy` does not take it away. The note ends
 * with the process, also by `kill -9`, or with `releaseEmbedded`.
 *
 * @throws as `upEmbedded`
 */
export async function useEmbedded(name: string, options: Omit<UpOptions, "onDemand"> = {}): Promise<EmbeddedHost> {
  const paths = hostPaths(name, options.root);
  const host = await upEmbedded(name, { ...options, onDemand: true });
  await withHostLock(paths, async () => {
    await mkdir(usersDirectory(paths), { recursive: true, mode: 0o700 });
    await writeFile(join(usersDirectory(paths), `${process.pid}-${await readStartTime(process.pid)}`), "");
  });
  // Between the two, a release elsewhere may have taken it down; now it cannot.
  return (await readEmbedded(name, options))?.up ? host : await upEmbedded(name, { ...options, onDemand: true });
}

/**
 * Ends this process's use. A host that was brought up on demand goes down if nothing is defined on it and no other process works on it.
 *
 * @returns true if it went down
 */
export async function releaseEmbedded(name: string, { root }: HostLocation = {}): Promise<boolean> {
  const paths = hostPaths(name, root);
  return await withHostLock(paths, async () => {
    await rm(join(usersDirectory(paths), `${process.pid}-${await readStartTime(process.pid)}`), { force: true });
    const host = await readEmbedded(name, { root });
    if (!host?.onDemand || (await hasDefinitions(paths)) || (await hasLiveUsers(paths))) return false;
    await takeDown(paths, {});
    return true;
  });
}

/** Takes down every host that was brought up on demand, has nothing defined on it, and is used by nobody: a killed command may leave one. */
export async function releaseIdleHosts({ root }: HostLocation = {}): Promise<void> {
  // For root only, as hosts are; others cannot have left one.
  if (process.getuid?.() !== 0) return;
  for (const { name, onDemand } of await listEmbedded({ root })) if (onDemand) await releaseEmbedded(name, { root });
}

async function hasLiveUsers(paths: HostPaths): Promise<boolean> {
  const notes = await readdir(usersDirectory(paths)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  for (const note of notes) {
    const [pid, startTime] = note.split("-");
    if ((await readStartTime(Number(pid))) === startTime) return true;
    await rm(join(usersDirectory(paths), note), { force: true });
  }
  return false;
}
