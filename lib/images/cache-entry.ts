import { open, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isNodeError, replaceFile } from "./files.ts";
import { headerLength } from "./image-format.ts";

/** An image that is ready: verified, standalone, qcow2. */
export interface FetchedImage {
  /** Absolute path of the file. Do not write to it. */
  readonly path: string;
  /** The image's identity (see `imageDigest`), which names its copy on a host; not always the checksum of this very file. */
  readonly digest: string;
  /** SHA-256 (hex) of this file's content, so that every copy can be checked against it. */
  readonly contentSha256: string;
  readonly format: "qcow2";
  /** The size that a guest sees, in bytes. */
  readonly virtualSize: number;
}

/** The places of one image in a cache directory. */
export function cachePaths(
  cacheDirectory: string,
  digest: string,
): Readonly<Record<"image" | "record" | "lock" | "download" | "work", string>> {
  return {
    image: join(cacheDirectory, `${digest}.qcow2`),
    record: join(cacheDirectory, `${digest}.json`),
    lock: join(cacheDirectory, `${digest}.lock`),
    download: join(cacheDirectory, `${digest}.download`),
    work: join(cacheDirectory, `${digest}.work`),
  };
}

type CacheRecord = Pick<FetchedImage, "contentSha256" | "virtualSize"> & { readonly size: number; readonly changed: number };

/**
 * The image of this digest, if the cache has it whole: a file whose size and time are not what was recorded is not taken.
 */
export async function readCached(cacheDirectory: string, digest: string): Promise<FetchedImage | undefined> {
  const { image, record } = cachePaths(cacheDirectory, digest);
  try {
    const { contentSha256, virtualSize, size, changed } = JSON.parse(await readFile(record, "utf8")) as CacheRecord;
    const file = await stat(image);
    if (file.size !== size || file.mtimeMs !== changed) return undefined;
    return { path: image, digest, contentSha256, format: "qcow2", virtualSize };
  } catch (error) {
    if (isNodeError(error, "ENOENT") || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Records a finished image. Written last: an image without a record is not taken. */
export async function writeCached(cacheDirectory: string, image: FetchedImage): Promise<void> {
  const file = await stat(image.path);
  const { contentSha256, virtualSize } = image;
  const record: CacheRecord = { contentSha256, virtualSize, size: file.size, changed: file.mtimeMs };
  await replaceFile(cachePaths(cacheDirectory, image.digest).record, JSON.stringify(record));
}

/** Takes an image out of the cache, where it is found to be damaged. */
export async function dropCached(cacheDirectory: string, digest: string): Promise<void> {
  const { image, record } = cachePaths(cacheDirectory, digest);
  await rm(record, { force: true });
  await rm(image, { force: true });
}

/** The first bytes of a file, enough to recognize it. */
export async function readHeader(path: string): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const header = Buffer.alloc(headerLength);
    const { bytesRead } = await file.read(header, 0, headerLength, 0);
    return header.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
