import { join } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { takeKernelLock } from "../host/kernel-lock.ts";
import { readTextIfAny, removeIfAny, writePrivate } from "./files.ts";
import type { StateDirectory } from "./state-directory.ts";

/** How long a lock may take to become free after its holder was killed, in milliseconds. */
const patience = 1000;

/**
 * Keeps two commands that change a deployment from working on it at the same time. Terraform's own lock covers only Terraform; seeds and variables are
 * written before it starts. The kernel holds the lock: it ends with the process. The file `lock` only tells who has it.
 *
 * @throws DiagnosticError STILL_RUNNING after a second: waiting would apply a plan that nobody has seen against what the other one made
 */
export async function withCommandLock<T>(state: StateDirectory, work: () => Promise<T>): Promise<T> {
  const note = join(state.root, "lock");
  const lock = await takeKernelLock(state.root, patience);
  if (!lock) throw busy(state, await readTextIfAny(note));
  try {
    await writePrivate(note, String(process.pid));
    return await work();
  } finally {
    await removeIfAny(note);
    await lock.release();
  }
}

function busy(state: StateDirectory, pid: string | undefined): DiagnosticError {
  return new DiagnosticError({
    code: "STILL_RUNNING",
    severity: "error",
    summary: `another terrarium works on this lab${pid === undefined ? "" : ` (process ${pid})`}; its files are in ${state.root}`,
    nextStep: "Wait until it has ended, then run again.",
  });
}
