import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DiskRecord } from "../provisioning.ts";
import { isMissing, readIfThere, replaceFile } from "./files.ts";
import type { Layout } from "./layout.ts";
import { readJson } from "./owner.ts";

/** Written beside a disk when it is complete, with what VirtualBox itself does not keep: bytes, and the image. */
export const diskMark = (path: string): string => `${path}.json`;

export async function writeDiskMark({ path, sizeBytes, image }: DiskRecord): Promise<void> {
  await replaceFile(diskMark(path), JSON.stringify({ sizeBytes, image }));
}

/** The disk, if it is there completely. */
export async function readDiskMark(path: string): Promise<DiskRecord | undefined> {
  const { sizeBytes, image } = readJson(await readIfThere(diskMark(path)));
  if (typeof sizeBytes !== "number") return undefined;
  try {
    await stat(path);
    return { id: path, path, sizeBytes, ...(typeof image === "string" ? { image } : {}) };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Names in a directory; none if there is no such directory. */
export async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Paths of all disks of all deployments that start from an image. */
export async function disksOfImage({ pools }: Layout, digest: string): Promise<string[]> {
  const folders = (await namesIn(pools)).map((pool) => join(pools, pool, "disks"));
  const paths = (
    await Promise.all(
      folders.map(async (folder) => (await namesIn(folder)).filter((name) => name.endsWith(".vdi")).map((name) => join(folder, name))),
    )
  ).flat();
  const disks = await Promise.all(paths.map(readDiskMark));
  return disks.flatMap((disk) => (disk?.image === digest ? [disk.path] : []));
}
