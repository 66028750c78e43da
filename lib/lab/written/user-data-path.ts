import type { UserDataFile } from "../../../schemas/generated/written-lab.ts";

/** A part of `userData` or `vendorData` as written. */
export type WrittenPart = string | UserDataFile;

/**
 * The path that a part of `userData` names: that of its `file`, or a text of one line that starts with `./`, `../`, `/` or `~/`. Undefined where it is the user-data
 * itself, which starts with `#` or `Content-Type:`, so that the two are never confused.
 */
export function userDataPath(part: WrittenPart | undefined): string | undefined {
  if (typeof part === "object") return part.file;
  return part !== undefined && /^(?:\.{0,2}|~)\/[^\n]*$/.test(part) ? part : undefined;
}

/** What is written under one key, part by part, each with the steps that lead to it from the key. */
export function writtenParts(written: WrittenPart | readonly WrittenPart[] | undefined): { part: WrittenPart; steps: readonly number[] }[] {
  if (written === undefined) return [];
  return isList(written) ? written.map((part, index) => ({ part, steps: [index] })) : [{ part: written, steps: [] }];
}

function isList(written: WrittenPart | readonly WrittenPart[]): written is readonly WrittenPart[] {
  return Array.isArray(written);
}
