import { randomBytes } from "node:crypto";
import { chmod, chown, constants, copyFile, link, mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { dropCached, type FetchedImage } from "./cache-entry.ts";
import { explainDiskFull } from "./disk-full.ts";
import { hashFile } from "./file-digest.ts";
import { isNodeError, syncFile } from "./files.ts";
import { removeName } from "./immutable.ts";
import {
  explainPermission,
  findPlacedImage,
  imagesDirectory,
  placedImagePath,
  protectPlacedImage,
  removeAbandoned,
  type PlacedImage,
} from "./placed-images.ts";
import type { OnImageProgress } from "./progress.ts";

export interface PlaceOptions {
  /** @default "/var/lib/terrarium/images" */
  readonly imagesDirectory?: string;
  readonly onProgress?: OnImageProgress;
  readonly signal?: AbortSignal;
}

/**
 * Puts a fetched image on this host as `<digest>.qcow2`: a reflink where the file system can, else a copy, checked against the image's
 * checksum, mode 0444, immutable where possible. There is never a part of an image under that name, and one that is there is never replaced.
 *
 * @throws DiagnosticError IMAGE_DIRECTORY_NOT_WRITABLE, DISK_FULL, IMAGE_DAMAGED (the cached file is then dropped: fetch again)
 */
export async function placeImage(image: FetchedImage, options: PlaceOptions = {}): Promise<PlacedImage> {
  const { imagesDirectory: directory = imagesDirectory, onProgress, signal } = options;
  const path = placedImagePath(image.digest, directory);
  try {
    const placed = await findPlacedImage(image.digest, { imagesDirectory: directory });
    if (placed) return await protectPlacedImage(placed);
    await mkdir(directory, { recursive: true, mode: 0o755 });
    await removeAbandoned(directory, image.digest);
    onProgress?.({ phase: "placing", step: path });
    await copyInto(image, path, options);
  } catch (error) {
    signal?.throwIfAborted();
    throw explainPermission(explainDiskFull(error, directory), path);
  }
  const placed = await findPlacedImage(image.digest, { imagesDirectory: directory });
  if (!placed) throw new Error(`${path} disappeared while it was placed`);
  return protectPlacedImage(placed);
}

async function copyInto(image: FetchedImage, path: string, { onProgress, signal }: PlaceOptions): Promise<void> {
  const temporary = join(dirname(path), `.${image.digest}.${process.pid}-${randomBytes(4).toString("hex")}.part`);
  try {
    await copyFile(image.path, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    signal?.throwIfAborted();
    const { size } = await stat(temporary);
    const found = await hashFile(temporary, size, onProgress, signal);
    if (found !== image.contentSha256) throw await damaged(image, found);
    if (process.getuid?.() === 0) await chown(temporary, 0, 0);
    await chmod(temporary, 0o444);
    await syncFile(temporary);
    // link, not rename: an image that another process has put there meanwhile stays, and so does whoever has it open.
    await link(temporary, path).catch((error: unknown) => {
      if (!isNodeError(error, "EEXIST")) throw error;
    });
  } finally {
    await removeName(temporary);
  }
  await syncFile(dirname(path));
}

async function damaged(image: FetchedImage, found: string): Promise<DiagnosticError> {
  // A file in the cache is ours to drop, so that the next run makes it again; a user's own file is not.
  const isCached = image.path.endsWith(`/${image.digest}.qcow2`);
  if (isCached) await dropCached(dirname(image.path), image.digest);
  return new DiagnosticError({
    code: "IMAGE_DAMAGED",
    severity: "error",
    summary: `${image.path} is no longer what was verified`,
    detail: `expected sha256 ${image.contentSha256}\nfound    sha256 ${found}`,
    nextStep: isCached
      ? "Run the same command again: the image is made anew."
      : "Something writes to that file (a running VM?). Stop it, or use a copy.",
  });
}
