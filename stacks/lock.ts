import type { Checked } from "../lib/diagnostics/diagnostic.ts";
import { lockFormat, type LabLock } from "../lib/lab/lock/lab-lock.ts";
import { parseLockFile } from "../lib/lab/lock/parse-lock-file.ts";
import { printLockFile } from "../lib/lab/lock/print-lock-file.ts";

/** The lab's entry in a lock file's text; no text, no entry: nothing is locked. */
export function readLock(text: string | undefined, lab: string): Checked<LabLock | undefined> {
  if (text === undefined) return { diagnostics: [] };
  const { value, diagnostics } = parseLockFile(text, "terrarium.lock.yaml");
  return { value: value?.labs[lab], diagnostics };
}

/** The lock file's text with this lab's entry; entries of other labs stay. */
export function lockFileText(before: string | undefined, lab: string, lock: LabLock): string {
  const others = before === undefined ? undefined : parseLockFile(before, "terrarium.lock.yaml").value?.labs;
  return printLockFile({ version: lockFormat, labs: { ...others, [lab]: lock } });
}
