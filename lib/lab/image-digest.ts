import { createHash } from "node:crypto";
import type { ImageSource } from "./lab.ts";

/** Raised whenever Terrarium makes another image of the same recipe, so that no release puts other contents under an old name. */
export const recipeVersion = 1;

/**
 * The digest that a source states by itself: SHA-256 in hexadecimal, the name of the image's copy on every host.
 *
 * - `url`: the checksum beside it.
 * - `bootstrap`: the hash of the recipe. Order and repetition of packages do not matter; the mirror does, because a snapshot mirror is
 *   chosen for what is on it.
 * - `path`: undefined. What is in a file is not known without reading it.
 */
export function imageDigest(source: Exclude<ImageSource, { readonly kind: "path" }>): string;
export function imageDigest(source: ImageSource): string | undefined;
export function imageDigest(source: ImageSource): string | undefined {
  if (source.kind === "path") return undefined;
  if (source.kind === "url") return source.sha256.toLowerCase();
  const { distribution, suite, packages, mirror } = source;
  const sorted = [...new Set(packages)].sort();
  const recipe = ["terrarium-bootstrap", recipeVersion, distribution, suite, "amd64", sorted, mirror?.replace(/\/+$/, "") ?? null];
  return createHash("sha256").update(JSON.stringify(recipe)).digest("hex");
}
