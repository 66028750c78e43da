import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import { chmod, constants, copyFile, link, lstat, mkdir, open, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { runProgram } from "../program.ts";
import type { ImageRecord } from "../provisioning.ts";
import { imagePath } from "./image-path.ts";
import { readQcow2Header } from "./qcow2-header.ts";

/**
 * Images on this machine, as files: for root, and hosts that share the file system. The same form as lib/images gives them, and either takes the
 * other's for its own: mode 0444, immutable where that exists, and never under its name before it is complete.
 */
export async function findImageHere(digest: string): Promise<ImageRecord | undefined> {
  const path = imagePath(digest);
  const [file, mark] = await Promise.all([lstatIfThere(path), lstatIfThere(`${path}.complete`)]);
  // Writable and without a mark: an upload through libvirt that was cut off.
  if (!file?.isFile() || ((file.mode & 0o222) !== 0 && !mark)) return undefined;
  const header = await readQcow2Header(path);
  return header && { digest, path, sizeBytes: header.sizeBytes };
}

async function lstatIfThere(path: string): Promise<Stats | undefined> {
  return await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

export async function placeImageHere(file: string, digest: string): Promise<ImageRecord> {
  const path = imagePath(digest);
  const temporary = join(dirname(path), `.${digest}.${process.pid}-${randomBytes(4).toString("hex")}.part`);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    await copyFile(file, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    await chmod(temporary, 0o444);
    await sync(temporary);
    if (!(await findImageHere(digest))) await removeImageHere(digest);
    // link, not rename: one that another process has put there meanwhile stays.
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    await sync(dirname(path));
  } finally {
    await rm(temporary, { force: true });
  }
  await setImmutable(path, true);
  const placed = await findImageHere(digest);
  if (placed) return placed;
  await removeImageHere(digest);
  throw new DiagnosticError({
    code: "IMAGE_NOT_A_DISK",
    severity: "error",
    summary: `${file} is no qcow2 image`,
    nextStep: "Convert it: qemu-img convert -O qcow2 SOURCE TARGET",
  });
}

export async function removeImageHere(digest: string): Promise<void> {
  const path = imagePath(digest);
  if (!(await lstatIfThere(path))) return;
  await setImmutable(path, false);
  await rm(`${path}.complete`, { force: true });
  await rm(path, { force: true });
}

/** Those of these disks, and of all in the deployments' pools on this machine, also of hosts that are down, that start from an image. */
export async function disksFromImageHere(digest: string, disks: readonly string[]): Promise<string[]> {
  const paths = new Set([...disks, ...(await filesBelow("/var/lib/terrarium/pools"))]);
  const users = await Promise.all(
    [...paths].map(async (path) => ((await readQcow2Header(path))?.backingFile === imagePath(digest) ? [path] : [])),
  );
  return users.flat().sort();
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Keeps also root, and a wrong `blockcommit`, from writing to it; file systems without the attribute refuse, and do without. */
async function setImmutable(path: string, immutable: boolean): Promise<void> {
  await runProgram("chattr", [immutable ? "+i" : "-i", "--", path]);
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
