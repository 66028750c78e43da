import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Duration } from "../units/duration.ts";
import { isNodeError } from "./files.ts";

/**
 * How long an image is kept for whoever has just asked for it. Between that and its first disk lies an apply: seconds mostly, minutes for a large lab on an
 * emulated host.
 */
export const keptFor = Duration.minutes(60);

/**
 * Notes that somebody is about to use an image, before looking whether it is there: who removes images looks here last. A file beside the image, since the image itself
 * is immutable.
 *
 * @param path of the image, which need not be there yet
 */
export async function noteNeed(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    await writeFile(noteOf(path), "The image beside this file was asked for when this was written.\n", { mode: 0o644 });
  } catch (error) {
    // Who may not write here cannot place an image either, which is told then; one that is there may be used all the same.
    if (!isNodeError(error, "EACCES", "EPERM", "EROFS", "ENOSPC")) throw error;
  }
}

/** True if the image was placed, or asked for, within the last `keptFor`. */
export async function isNeeded(path: string, now: number = Date.now()): Promise<boolean> {
  const times = await Promise.all([path, noteOf(path)].map(changedAt));
  return times.some((time) => time !== undefined && now - time < keptFor.milliseconds);
}

/** Goes with its image. */
export async function removeNote(path: string): Promise<void> {
  await rm(noteOf(path), { force: true });
}

const noteOf = (path: string): string => join(dirname(path), `.${path.slice(dirname(path).length + 1)}.needed`);

async function changedAt(path: string): Promise<number | undefined> {
  try {
    // Not the time of change: protecting an image again changes that.
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isNodeError(error, "ENOENT")) return undefined;
    throw error;
  }
}
