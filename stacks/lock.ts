import type { Checked } from "../lib/diagnostics/diagnostic.ts";
import type { LabLock } from "../lib/lab/lock/lab-lock.ts";
import { parseLockFile } from "../lib/lab/lock/parse-lock-file.ts";

/** The lab's entry in a lock file's text; no text, no entry: nothing is locked. */
export function readLock(text: string | undefined, lab: string): Checked<LabLock | undefined> {
  if (text === undefined) return { diagnostics: [] };
  const { value, diagnostics } = parseLockFile(text, "terrarium.lock.yaml");
  return { value: value?.labs[lab], diagnostics };
}
