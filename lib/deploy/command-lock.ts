import { link, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { identifyProcess, isAlive, type ProcessId } from "../terraform/proc.ts";
import { readTextIfAny } from "./files.ts";
import type { StateDirectory } from "./state-directory.ts";

/**
 * Keeps two commands that change a deployment from working on it at the same time. Terraform's own lock covers only Terraform; seeds and variables are
 * written before it starts. A lock of a process that has ended is taken over.
 *
 * @throws DiagnosticError STILL_RUNNING at once: waiting would apply a plan that nobody has seen against what the other one made
 */
export async function withCommandLock<T>(state: StateDirectory, work: () => Promise<T>): Promise<T> {
  const file = join(state.root, "lock");
  const own = await identifyProcess(process.pid);
  for (let attempt = 0; !(await claim(file, own)); attempt++) {
    const text = await readTextIfAny(file);
    const holder = text === undefined || text === "" ? undefined : (JSON.parse(text) as ProcessId);
    if (holder && (await isAlive(holder))) throw busy(state, holder);
    if (attempt > 3) throw busy(state, holder);
    await rm(file, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** A link appears with its content or not at all: nobody sees a lock without its holder. */
async function claim(file: string, own: ProcessId | undefined): Promise<boolean> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

function busy(state: StateDirectory, holder: ProcessId | undefined): DiagnosticError {
  return new DiagnosticError({
    code: "STILL_RUNNING",
    severity: "error",
    summary: `another terrarium works on this lab${holder ? ` (process ${holder.pid})` : ""}; its files are in ${state.root}`,
    nextStep: "Wait until it has ended, then run again.",
  });
}
