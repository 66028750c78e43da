import { randomBytes } from "node:crypto";
import { link, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isNodeError } from "./files.ts";
import { isNeeded, removeNote } from "./image-need.ts";
import { removeName, setImmutable } from "./immutable.ts";
import { explainPermission, findPlacedImage, placedImagePath, protectPlacedImage } from "./placed-images.ts";

/**
 * Takes an image that no disk uses off the host, unless somebody has asked for it a moment ago: an apply that is about to make its first disk.
 *
 * Safe beside `ensureImage` without a lock: that one first leaves its note, then looks for the image; this one takes the image away from its name, then looks for
 * notes. Whichever comes second sees the other: either the image comes back, or it is placed again.
 *
 * @returns false if it is needed, or was not there
 * @throws DiagnosticError IMAGE_DIRECTORY_NOT_WRITABLE without the permission to
 */
export async function removeUnneededImage(
  digest: string,
  { imagesDirectory }: { /** @default "/var/lib/terrarium/images" */ readonly imagesDirectory?: string } = {},
): Promise<boolean> {
  const path = placedImagePath(digest, imagesDirectory);
  // A name that `removeAbandoned` clears away if we are killed here.
  const aside = join(dirname(path), `.${digest}.${process.pid}-${randomBytes(4).toString("hex")}.part`);
  try {
    if (await isNeeded(path)) return false;
    await setImmutable(path, false);
    await rename(path, aside);
    const needed = await isNeeded(path);
    if (needed) await putBack(aside, path);
    await removeName(aside);
    if (!needed) await removeNote(path);
    const placed = needed ? await findPlacedImage(digest, { imagesDirectory }) : undefined;
    if (placed) await protectPlacedImage(placed);
    return !needed;
  } catch (error) {
    if (isNodeError(error, "ENOENT")) return false;
    throw explainPermission(error, path);
  }
}

async function putBack(aside: string, path: string): Promise<void> {
  await link(aside, path).catch((error: unknown) => {
    // Placed again meanwhile.
    if (!isNodeError(error, "EEXIST")) throw error;
  });
}
