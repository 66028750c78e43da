import { randomBytes } from "node:crypto";
import { copyFile, chmod, mkdir, open, readdir, readFile, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isInside } from "./layout.ts";

/** The content of a file, or undefined if there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** True for the system's "there is no such file". */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

/** Writes a small file so that a reader sees the old content or the new one, never a part; for its owner only. */
export async function replaceFile(path: string, content: string): Promise<void> {
  await putInPlace(path, async (temporary) => {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

/** Copies a file so that there is never a part of it under the name, readable by its owner only. */
export async function copyPrivately(from: string, to: string): Promise<void> {
  await putInPlace(to, async (temporary) => {
    // Empty and private first: the content is never readable by others, not for a moment.
    await (await open(temporary, "wx", 0o600)).close();
    await copyFile(from, temporary);
    await chmod(temporary, 0o600);
  });
}

/** Lets `write` make a file beside its place, and then gives it its name; parts whose writers were killed go. */
export async function putInPlace(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString("hex")}.part`;
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await removeAbandoned(path);
}

/** Parts of the same file whose writers were killed. */
async function removeAbandoned(path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    const writer = name.startsWith(`${basename(path)}.`) ? /\.(\d+)-[0-9a-f]{8}\.part$/.exec(name)?.[1] : undefined;
    if (writer !== undefined && !isAlive(Number(writer))) await rm(join(dirname(path), name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process lives, too.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/** Removes empty folders, up to a directory that stays. */
export async function removeEmpty(folder: string, upTo: string): Promise<void> {
  if (!isInside(folder, upTo)) return;
  try {
    await rmdir(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && ["ENOTEMPTY", "EEXIST", "ENOENT", "EPERM"].includes(String(error.code))) return;
    throw error;
  }
  await removeEmpty(dirname(folder), upTo);
}
