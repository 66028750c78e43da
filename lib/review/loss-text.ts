import { size } from "./difference.ts";
import type { Loss } from "./verdicts.ts";

/** `root disk (10GiB)`, `disk data (20GiB)` */
export function lossText({ disk, size: bytes }: Loss): string {
  const name = disk === "root" ? "root disk" : `disk ${disk}`;
  return bytes === undefined ? name : `${name} (${size(bytes)})`;
}
