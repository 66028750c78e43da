import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";
import type { ImageSource } from "./lab.ts";

/**
 * Raised whenever Terrarium makes another image of the same recipe: labs that begin with such a release get it under a name of its own. A lab with a lock keeps the
 * name in the lock (`resolveImages`): an upgrade of Terrarium rebuilds nobody.
 */
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
  const recipe = ["terrarium-bootstrap", recipeVersion, ...recipeOf(source)];
  return createHash("sha256").update(JSON.stringify(recipe)).digest("hex");
}

/** True if two declarations mean the same image, however they are written, and whatever `recipeVersion` is. */
export function isSameSource(one: ImageSource, other: ImageSource): boolean {
  const meaning = (source: ImageSource): unknown => (source.kind === "bootstrap" ? recipeOf(source) : source);
  return one.kind === other.kind && canonicalJson(meaning(one)) === canonicalJson(meaning(other));
}

/** What of a declaration decides the image. */
function recipeOf({ distribution, suite, packages, mirror }: Extract<ImageSource, { readonly kind: "bootstrap" }>): readonly unknown[] {
  return [distribution, suite, "amd64", [...new Set(packages)].sort(), mirror?.replace(/\/+$/, "") ?? null];
}
