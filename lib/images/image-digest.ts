import { bootstrapRecipe, recipeDigest } from "./bootstrap-recipe.ts";
import type { BootstrapSource, UrlSource } from "./image-source.ts";

/**
 * The identity of an image that can be told without looking at anything: the declared checksum, or the hash of the recipe.
 * A `path` source is its file's content: see `digestOfFile`.
 *
 * @returns 64 lower-case hexadecimal digits
 */
export function imageDigest(source: UrlSource | BootstrapSource): string {
  return source.kind === "url" ? source.sha256.toLowerCase() : recipeDigest(bootstrapRecipe(source));
}

/** True for 64 lower-case hexadecimal digits: what may become a file name. */
export function isDigest(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}
