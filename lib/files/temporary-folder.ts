import { readlinkSync } from "node:fs";
import { lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Directories for temporary files that this process has looked through. */
const tidied = new Map<string, Promise<void>>();

/**
 * Makes a folder of mode 0700 among the temporary files. What it is called says whose it is: one whose process was killed is removed by the next process that makes one.
 *
 * @param purpose letters; part of the name
 * @returns its path; whoever asked removes it
 * @example const folder = await makeTemporaryFolder("xml"); // /tmp/terrarium-xml-hq4x1s.4711-Xk2b9Q
 */
export async function makeTemporaryFolder(purpose: string): Promise<string> {
  const parent = tmpdir();
  const done = tidied.get(parent) ?? removeAbandonedFolders(parent);
  tidied.set(parent, done);
  await done;
  return await mkdtemp(join(parent, `terrarium-${purpose}-${pidNamespace()}.${process.pid}-`));
}

/** Does `work` with a temporary folder, which is removed afterwards. */
export async function withTemporaryFolder<T>(purpose: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await makeTemporaryFolder(purpose);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes this user's folders whose processes are no more. */
export async function removeAbandonedFolders(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const [, namespace, pid] = /^terrarium-[a-z]+-([0-9a-z]+)\.(\d+)-[0-9A-Za-z]{6}$/.exec(name) ?? [];
    // Of another container, which shares the directory, we cannot tell which processes live.
    if (namespace !== pidNamespace() || isAlive(Number(pid)) || !(await isOurs(join(parent, name)))) continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
}

/** In which process ids mean what they do here: "0" on systems that have one for all. */
function pidNamespace(): string {
  if (process.platform !== "linux") return "0";
  const inode = /\[(\d+)\]/.exec(readlinkSync("/proc/self/ns/pid"))?.[1];
  return Number(inode ?? 0).toString(36);
}

async function isOurs(path: string): Promise<boolean> {
  try {
    const found = await lstat(path);
    return found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
  } catch (error) {
    // Another process removes it, too.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process lives, too.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
