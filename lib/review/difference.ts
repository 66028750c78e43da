import { canonicalJson } from "../lab/canonical-json.ts";
import type { Path } from "../lab/path.ts";
import { Size } from "../units/size.ts";
import type { Reason } from "./verdicts.ts";

/**
 * What of a sandbox a difference concerns: its domain, its seed, or a disk by name (`disk root`). A difference counts as a reason only where the plan does
 * something to that part: after an apply that failed half way, the rest has been done already.
 */
export type Concern = "domain" | "seed" | `disk ${string}`;

/** A difference between the lab that was applied and the lab that is to be. */
export interface Difference extends Reason {
  readonly text: string;
  readonly path: Path;
  readonly concerns: readonly Concern[];
}

export function same(a: unknown, b: unknown): boolean {
  return canonicalJson([a]) === canonicalJson([b]);
}

/** `1GiB → 2GiB` */
export function change(before: string | number | boolean, after: string | number | boolean): string {
  return `${before} → ${after}`;
}

/** Bytes as they would be written. */
export function size(bytes: number): string {
  return Size.bytes(bytes).toString();
}

/** Keys that were added, removed or have another value: `b added`, `a removed`, `c changed`, sorted. */
export function keyChanges(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): { key: string; what: string }[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return keys.flatMap((key) => {
    if (!Object.hasOwn(before, key)) return [{ key, what: "added" }];
    if (!Object.hasOwn(after, key)) return [{ key, what: "removed" }];
    return same(before[key], after[key]) ? [] : [{ key, what: "changed" }];
  });
}
