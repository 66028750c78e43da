import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { buildBootstrapImage } from "./bootstrap/build-image.ts";
import { checkBootstrap } from "./bootstrap-recipe.ts";
import { cachePaths, readCached, readHeader, writeCached, type FetchedImage } from "./cache-entry.ts";
import { explainDiskFull } from "./disk-full.ts";
import { download, forgetDownload } from "./download.ts";
import type { DownloadOptions } from "./download-options.ts";
import { digestOfFile, hashFile } from "./file-digest.ts";
import { withFileLock } from "./file-lock.ts";
import { finishFile } from "./files.ts";
import { imageDigest, isDigest } from "./image-digest.ts";
import { recognizeImage } from "./image-format.ts";
import type { ImageSource } from "./image-source.ts";
import { checkQcow2, convertToQcow2 } from "./qemu-img.ts";
import { unpack } from "./unpack.ts";

export interface FetchOptions extends DownloadOptions {
  /** Where images and partial downloads are kept. One directory may serve many processes and labs. */
  readonly cacheDirectory: string;
  /**
   * Names a `bootstrap` image: a lab's lock may have the digest that an earlier release gave the same recipe.
   *
   * @default - the one of this release
   */
  readonly digest?: string;
}

/**
 * Makes a declared image into a verified, standalone qcow2 file on this machine: reads, downloads or builds it, unpacks gzip and xz, converts
 * raw, VMDK and VDI. A second call takes the result from the cache; a second process waits for the first.
 *
 * A qcow2 file named by `path` is used where it lies: it is not copied into the cache.
 *
 * @throws DiagnosticError for every failure, with what to do; `signal`'s reason when aborted. The next call goes on from whatever is left.
 * @example await fetchImage({ kind: "url", url, sha256 }, { cacheDirectory, onProgress: show })
 */
export async function fetchImage(source: ImageSource, options: FetchOptions): Promise<FetchedImage> {
  const cacheDirectory = resolve(options.cacheDirectory);
  const { onProgress, signal } = options;
  await mkdir(cacheDirectory, { recursive: true });
  const digest = await identifyImage(source, { ...options, cacheDirectory });

  const cached = await readCached(cacheDirectory, digest);
  if (cached) return cached;
  const onWait = (): void => onProgress?.({ phase: "waiting", step: "another process prepares this image" });
  return withFileLock(
    cachePaths(cacheDirectory, digest).lock,
    async () => {
      const made = await readCached(cacheDirectory, digest);
      if (made) return made;
      try {
        return await prepare(source, digest, { ...options, cacheDirectory });
      } catch (error) {
        throw explainDiskFull(error, cacheDirectory);
      }
    },
    { onWait, signal },
  );
}

/**
 * The identity of any source: a `path` is read for it (once), the others are told from their declaration.
 *
 * @throws DiagnosticError for a source that cannot be used
 */
export async function identifyImage(source: ImageSource, options: FetchOptions): Promise<string> {
  if (source.kind === "path") return digestOfFile(source.path, options);
  if (source.kind === "bootstrap") {
    const diagnostics = checkBootstrap(source);
    if (diagnostics.length > 0) throw new DiagnosticError(diagnostics);
    return options.digest ?? imageDigest(source);
  }
  if (!isDigest(source.sha256.toLowerCase()) || !/^https?:\/\//.test(source.url) || !URL.canParse(source.url)) {
    throw new DiagnosticError({
      code: "IMAGE_SOURCE_INVALID",
      severity: "error",
      summary: `expected an http(s) address with a sha256 of 64 hexadecimal digits, got ${JSON.stringify(source.url)} with ${JSON.stringify(source.sha256)}`,
      nextStep: "Copy the checksum from the publisher's SHA256SUMS, or run sha256sum on a copy that you trust.",
    });
  }
  return imageDigest(source);
}

/** Under the lock. `work` is ours alone: what a killed run left there is removed first. */
async function prepare(source: ImageSource, digest: string, options: FetchOptions): Promise<FetchedImage> {
  const { cacheDirectory, onProgress, signal } = options;
  const places = cachePaths(cacheDirectory, digest);
  await rm(places.work, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  await mkdir(places.work);
  try {
    const original = await obtain(source, places, options);
    const disk = await unpackAll(original, places.work, options);
    const { format } = disk;
    const isOriginal = disk.path === original;

    const converted = format === "qcow2" ? disk.path : join(places.work, "converted.qcow2");
    if (format !== "qcow2") {
      onProgress?.({ phase: "converting", step: `${format} to qcow2` });
      await convertToQcow2(disk.path, format, converted, signal);
    }
    onProgress?.({ phase: "checking" });
    const virtualSize = await checkQcow2(converted, signal);
    const untouched = converted === original && source.kind !== "bootstrap";
    const contentSha256 = untouched ? digest : await hashFile(converted, undefined, onProgress, signal);
    const stays = untouched && source.kind === "path";
    const image: FetchedImage = { path: stays ? converted : places.image, digest, contentSha256, format: "qcow2", virtualSize };
    if (stays) return image;

    await finishFile(converted, places.image);
    await writeCached(cacheDirectory, image);
    if (source.kind === "url") {
      if (!isOriginal || format !== "qcow2") await rm(original, { force: true });
      await forgetDownload(places.download);
    }
    return image;
  } finally {
    await rm(places.work, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

async function obtain(source: ImageSource, places: ReturnType<typeof cachePaths>, options: FetchOptions): Promise<string> {
  if (source.kind === "path") return resolve(source.path);
  if (source.kind === "bootstrap") return buildBootstrapImage(source, places.work, options);
  return download(source.url, source.sha256.toLowerCase(), places.download, options);
}

/** Unpacks until there is a disk; a refused file is an error. */
async function unpackAll(
  file: string,
  work: string,
  options: FetchOptions,
): Promise<{ path: string; format: "qcow2" | "vmdk" | "vdi" | "raw" }> {
  const recognized = recognizeImage(await readHeader(file), file);
  if (recognized.kind === "refused") throw new DiagnosticError(recognized.diagnostic);
  if (recognized.kind === "disk") return { path: file, format: recognized.format };
  const unpacked = join(work, "unpacked");
  await unpack(file, recognized.compression, unpacked, options);
  const inside = recognizeImage(await readHeader(unpacked), `${file} (unpacked)`);
  if (inside.kind === "disk") return { path: unpacked, format: inside.format };
  throw new DiagnosticError(
    inside.kind === "refused"
      ? inside.diagnostic
      : {
          code: "IMAGE_NOT_A_DISK",
          severity: "error",
          summary: `${file} is compressed twice`,
          nextStep: "Unpack it and use the disk inside.",
        },
  );
}
