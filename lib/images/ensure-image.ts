import { fetchImage, identifyImage, type FetchOptions } from "./fetch-image.ts";
import type { ImageSource } from "./image-source.ts";
import { placeImage, type PlaceOptions } from "./place-image.ts";
import { findPlacedImage, protectPlacedImage, type PlacedImage } from "./placed-images.ts";

/**
 * Makes sure that this host has an image: nothing is downloaded or built where it is there already, also if the cache was emptied.
 *
 * @example (await ensureImage(lab.images["debian-12"].source, { cacheDirectory })).path
 */
export async function ensureImage(source: ImageSource, options: FetchOptions & PlaceOptions): Promise<PlacedImage> {
  const digest = await identifyImage(source, options);
  const placed = await findPlacedImage(digest, options);
  return placed ? protectPlacedImage(placed) : placeImage(await fetchImage(source, options), options);
}
