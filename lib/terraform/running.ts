import { setTimeout as delay } from "node:timers/promises";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Duration } from "../units/duration.ts";
import { endLeftovers } from "./leftovers.ts";
import { isAlive } from "./proc.ts";
import { findTerraform, readRecord, removeRecord, type RunRecord } from "./run-record.ts";

/** What is known about a run that lives, or lived, in a working directory. */
export interface RunState {
  readonly record: RunRecord;
  readonly terraformAlive: boolean;
  /** False if the program that started it was killed. */
  readonly ownerAlive: boolean;
}

/**
 * Looks whether a Terraform works in a directory, or was left there.
 *
 * @returns undefined if there is none
 */
export async function readRunState(workingDirectory: string): Promise<RunState | undefined> {
  const record = await readRecord(workingDirectory);
  if (!record) return undefined;
  const [terraform, ownerAlive] = await Promise.all([findTerraform(record), isAlive(record.owner)]);
  return { record, terraformAlive: terraform !== undefined, ownerAlive };
}

/**
 * Ends what a dead run left behind and forgets the run.
 *
 * Terraform's own lock needs no care: the local backend locks with fcntl, which ends with the process; the `.terraform.tfstate.lock.info`
 * that a killed Terraform leaves does not lock, and the next Terraform removes it (measured with 1.11.4).
 */
export async function clearRun(workingDirectory: string, { record }: RunState): Promise<void> {
  await endLeftovers(record);
  await removeRecord(workingDirectory, record);
}

export interface WaitOptions {
  /**
   * How long to wait.
   *
   * @default - without an end
   */
  readonly timeout?: Duration;
  /** Called once, before waiting, if there is something to wait for. */
  readonly onWait?: (run: RunState) => void;
  /** Stops waiting, and nothing else: the promise rejects with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Waits for a Terraform that still works in a directory: because another Terrarium runs it, or because Terrarium was killed and Terraform
 * was not (it is in its own process group, and writes to files, not to a pipe). Then clears what that left behind.
 *
 * @returns the run that was waited for or cleared; undefined if there was none. Its events are in `logs/terraform-<command>.jsonl`
 * @throws DiagnosticError TERRAFORM_BUSY after the timeout
 */
export async function waitForRunningTerraform(
  workingDirectory: string,
  { timeout, onWait, signal }: WaitOptions = {},
): Promise<RunRecord | undefined> {
  const started = performance.now();
  let seen: RunRecord | undefined;
  for (;;) {
    const run = await readRunState(workingDirectory);
    if (!run) return seen;
    if (!run.terraformAlive && !run.ownerAlive) {
      await clearRun(workingDirectory, run);
      return run.record;
    }
    if (seen === undefined) onWait?.(run);
    seen = run.record;
    if (timeout && performance.now() - started >= timeout.milliseconds) throw new DiagnosticError(describeBusy(workingDirectory, run));
    await delay(100, undefined, { signal });
  }
}

/** The error of a working directory in which another Terraform works. */
export function describeBusy(workingDirectory: string, { record, ownerAlive }: RunState): Diagnostic {
  const { command, startedAt, terraform, owner } = record;
  const who = terraform ? `process ${terraform.pid}` : `started by process ${owner.pid}`;
  return {
    code: "TERRAFORM_BUSY",
    severity: "error",
    summary: `another Terraform works in ${workingDirectory}: ${command}, ${who}, since ${startedAt}`,
    nextStep: ownerAlive
      ? "Wait until it has ended, then try again."
      : "The Terrarium that started it is gone, but Terraform still finishes its work: wait until it has ended, then try again.",
  };
}
