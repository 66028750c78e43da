import { copyFile } from "node:fs/promises";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { readTextIfAny, removeIfAny } from "./files.ts";
import type { StateDirectory } from "./state-directory.ts";

/**
 * Terraform writes its state file in place: a kill, a full disk or a power cut in that moment leaves it empty or cut off, and an empty one counts as "nothing was
 * ever made". Then the copy is taken that Terraform made before its run; what the run itself made is in the journal. Without a copy it was the first run.
 *
 * @returns a notice if that was done
 */
export async function restoreState(state: StateDirectory): Promise<Diagnostic[]> {
  const text = await readTextIfAny(state.state);
  if (text === undefined || isWhole(text)) return [];
  const backup = `${state.state}.backup`;
  const copy = await readTextIfAny(backup);
  if (copy !== undefined && isWhole(copy)) await copyFile(backup, state.state);
  else await removeIfAny(state.state);
  return [
    {
      code: "STATE_RESTORED",
      severity: "notice",
      summary: "an earlier run was killed while Terraform wrote its state; the copy from before that run was taken",
    },
  ];
}

function isWhole(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
