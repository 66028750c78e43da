import { chmod, lstat, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { readHeader } from "./cache-entry.ts";
import { isNodeError } from "./files.ts";
import { isDigest } from "./image-digest.ts";
import { qcow2VirtualSize } from "./image-format.ts";
import { removeNote } from "./image-need.ts";
import { setImmutable } from "./immutable.ts";

/** Where every host keeps its images: a fixed place, so that no machine's own path gets into a lab's JSON. */
export const imagesDirectory = "/var/lib/terrarium/images";

/** One image on a host, that overlays point at. */
export interface PlacedImage {
  readonly path: string;
  readonly digest: string;
  /** The size that a guest sees, in bytes. */
  readonly virtualSize: number;
  /** Bytes of the file. */
  readonly fileSize: number;
}

interface PlaceOfImages {
  /** @default "/var/lib/terrarium/images" */
  readonly imagesDirectory?: string;
}

/** The path that an image of this digest has on every host. Pure. */
export function placedImagePath(digest: string, directory: string = imagesDirectory): string {
  if (!isDigest(digest)) throw new RangeError(`Expected a digest of 64 hexadecimal digits, got ${JSON.stringify(digest)}`);
  return join(directory, `${digest}.qcow2`);
}

/** The image of this digest, if the host has it. */
export async function findPlacedImage(
  digest: string,
  { imagesDirectory: directory }: PlaceOfImages = {},
): Promise<PlacedImage | undefined> {
  const path = placedImagePath(digest, directory);
  try {
    const file = await lstat(path);
    const virtualSize = file.isFile() ? qcow2VirtualSize(await readHeader(path)) : undefined;
    return virtualSize === undefined ? undefined : { path, digest, virtualSize, fileSize: file.size };
  } catch (error) {
    if (isNodeError(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** All images of the host, by digest. None if there is no such directory. */
export async function listPlacedImages({ imagesDirectory: directory = imagesDirectory }: PlaceOfImages = {}): Promise<PlacedImage[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (isNodeError(error, "ENOENT")) return [];
    throw error;
  });
  const digests = names.filter((name) => name.endsWith(".qcow2")).map((name) => name.slice(0, -".qcow2".length));
  const found = await Promise.all(digests.filter(isDigest).map((digest) => findPlacedImage(digest, { imagesDirectory: directory })));
  return found.filter((image) => image !== undefined).sort((a, b) => (a.digest < b.digest ? -1 : 1));
}

/**
 * Takes an image off the host. Whether an overlay still needs it is the caller's to know: nothing here asks.
 *
 * @returns false if there was none
 * @throws DiagnosticError IMAGE_DIRECTORY_NOT_WRITABLE without the permission to
 */
export async function removePlacedImage(digest: string, { imagesDirectory: directory }: PlaceOfImages = {}): Promise<boolean> {
  const path = placedImagePath(digest, directory);
  try {
    await lstat(path);
    await setImmutable(path, false);
    await rm(path);
    await removeNote(path);
    await removeAbandoned(dirname(path), digest);
    return true;
  } catch (error) {
    if (isNodeError(error, "ENOENT")) return false;
    throw explainPermission(error, path);
  }
}

/** Makes an image read-only, also one that was there already: its maker may have been killed before this step. */
export async function protectPlacedImage(placed: PlacedImage): Promise<PlacedImage> {
  const { mode } = await stat(placed.path);
  if ((mode & 0o777) !== 0o444) {
    await setImmutable(placed.path, false);
    await chmod(placed.path, 0o444);
  }
  await setImmutable(placed.path, true);
  return placed;
}

/** Removes copies begun by processes that are no more; not those of others, who may place the same image at this moment. */
export async function removeAbandoned(directory: string, digest: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const match = new RegExp(`^\\.${digest}\\.(\\d+)-[0-9a-f]+\\.part$`).exec(name);
    if (match && !isAlive(Number(match[1]))) await rm(join(directory, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return isNodeError(error, "EPERM");
  }
}

/** The error of a directory that is not ours in place of the system's, any other error as it is. */
export function explainPermission(error: unknown, path: string): unknown {
  if (!isNodeError(error, "EACCES", "EPERM", "EROFS")) return error;
  return new DiagnosticError(
    {
      code: "IMAGE_DIRECTORY_NOT_WRITABLE",
      severity: "error",
      summary: `no permission to write ${path}`,
      nextStep: "Run as root (sudo), or as a member of the libvirt group on a host whose libvirtd answers.",
    },
    { cause: error },
  );
}
