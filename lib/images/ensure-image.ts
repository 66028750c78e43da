import { fetchImage, identifyImage, type FetchOptions } from "./fetch-image.ts";
import type { ImageSource } from "./image-source.ts";
import { isNodeError } from "./files.ts";
import { noteNeed } from "./image-need.ts";
import { placeImage, type PlaceOptions } from "./place-image.ts";
import { findPlacedImage, placedImagePath, protectPlacedImage, type PlacedImage } from "./placed-images.ts";

/**
 * Makes sure that this host has an image: nothing is downloaded or built where it is there already, also if the cache was emptied. From
 * here on it is kept for an hour even if no disk uses it (`removeUnneededImage`).
 *
 * @example (await ensureImage(lab.images["debian-12"].source, { cacheDirectory })).path
 */
export async function ensureImage(source: ImageSource, options: FetchOptions & PlaceOptions): Promise<PlacedImage> {
  const digest = await identifyImage(source, options);
  await noteNeed(placedImagePath(digest, options.imagesDirectory));
  const placed = await findPlacedImage(digest, options);
  return (placed && (await protectIfThere(placed))) ?? (await placeImage(await fetchImage(source, options), options));
}

/** Somebody may be removing it at this moment. */
async function protectIfThere(placed: PlacedImage): Promise<PlacedImage | undefined> {
  try {
    return await protectPlacedImage(placed);
  } catch (error) {
    if (isNodeError(error, "ENOENT")) return undefined;
    throw error;
  }
}
