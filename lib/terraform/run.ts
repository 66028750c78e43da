import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, open, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Engine } from "./engine.ts";
import { terraformEnvironment, type Variables } from "./environment.ts";
import { requireFreeSpace } from "./free-space.ts";
import { forwardInterrupts, type Interrupts } from "./interrupts.ts";
import { endLeftovers } from "./leftovers.ts";
import { identifyProcess } from "./proc.ts";
import { createRecord, removeRecord, updateRecord, type RunRecord } from "./run-record.ts";
import { clearRun, describeBusy, readRunState } from "./running.ts";
import { tailLines } from "./tail.ts";

/** Where and with what an engine runs. */
export interface Workplace {
  readonly engine: Engine;
  /** Absolute path; the folder of the Terraform JSON, its state, and our logs. */
  readonly workingDirectory: string;
  /** The user's environment, from which the engine's is made. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
}

export interface RunRequest {
  /** Names the log: `apply` → `logs/terraform-apply.jsonl`. */
  readonly command: string;
  readonly args: readonly string[];
  readonly variables?: Variables;
  readonly interrupts?: Interrupts;
  readonly onLine: (line: string) => void;
}

export interface RunResult {
  /** Absent if a signal ended it. */
  readonly exitCode?: number;
  readonly signal?: NodeJS.Signals;
  /** True if an interrupt was forwarded, or came before the start. */
  readonly interrupted: boolean;
  /** Absolute paths of what it wrote. */
  readonly log: string;
  readonly errorLog: string;
}

/**
 * Runs an engine that may change things, so that it survives us: in a process group of its own (Ctrl-C on the terminal does not reach it), writing to
 * files (a Terraform whose pipe breaks dies at its next line and loses what it was making: measured), recorded in the working directory.
 *
 * @throws DiagnosticError TERRAFORM_BUSY if another Terraform works there, DISK_FULL if its work could not be saved
 */
export async function run(workplace: Workplace, request: RunRequest): Promise<RunResult> {
  const { workingDirectory } = workplace;
  const [log, errorLog] = ["jsonl", "stderr.log"].map((end) => join(workingDirectory, "logs", `terraform-${request.command}.${end}`)) as [
    string,
    string,
  ];
  if (request.interrupts?.stop?.aborted || request.interrupts?.force?.aborted) return { interrupted: true, log, errorLog };
  await requireFreeSpace(workingDirectory);
  let record = await claim(workingDirectory, request.command);
  try {
    const [out, err] = await Promise.all([createLog(log), createLog(errorLog)]);
    const child = spawn(workplace.engine.path, request.args, {
      cwd: workingDirectory,
      env: terraformEnvironment(workplace.env, { variables: request.variables, runId: record.runId }),
      detached: true,
      stdio: ["ignore", out.fd, err.fd],
    });
    const ended = waitForEnd(child);
    const interrupts = forwardInterrupts(child, request.interrupts ?? {});
    try {
      await Promise.all([out.close(), err.close()]);
      const terraform = child.pid === undefined ? undefined : await identifyProcess(child.pid);
      record = { ...record, terraform };
      await updateRecord(workingDirectory, record);
      await deliverLines(log, ended, request.onLine);
    } finally {
      // Whatever goes wrong on our side, Terraform is not left alone.
      await ended;
      interrupts.end();
      // After an ordinary end nothing is left; after these two a provider or a provisioner's child may be.
      if (interrupts.forwarded() || child.signalCode) await endLeftovers(record);
    }
    const { error, exitCode, signal } = await ended;
    if (error) throw error;
    return { exitCode, signal, interrupted: interrupts.forwarded(), log, errorLog };
  } finally {
    await removeRecord(workingDirectory, record);
  }
}

/** Puts our name on the working directory, after clearing what a dead run left. */
async function claim(workingDirectory: string, command: string): Promise<RunRecord> {
  const owner = await identifyProcess(process.pid);
  if (!owner) throw new Error("Expected to find this process in /proc: Terrarium runs Terraform on Linux only");
  const record: RunRecord = { runId: randomUUID(), command, startedAt: new Date().toISOString(), owner };
  while (!(await createRecord(workingDirectory, record))) {
    const other = await readRunState(workingDirectory);
    if (other && (other.terraformAlive || other.ownerAlive)) throw new DiagnosticError(describeBusy(workingDirectory, other));
    if (other) await clearRun(workingDirectory, other);
  }
  return record;
}

/** A new file each time: one that a former Terraform still writes to keeps its own inode. */
async function createLog(path: string): Promise<FileHandle> {
  await mkdir(join(path, ".."), { recursive: true, mode: 0o700 });
  await rm(path, { force: true });
  return await open(path, "ax", 0o600);
}

interface End {
  readonly exitCode?: number;
  readonly signal?: NodeJS.Signals;
  /** It could not even start. */
  readonly error?: Error;
}

/** Never rejects: nobody may be listening yet. */
async function waitForEnd(child: ChildProcess): Promise<End> {
  return await new Promise((resolve) => {
    child.once("error", (error) => resolve({ error }));
    child.once("exit", (exitCode, signal) => resolve({ exitCode: exitCode ?? undefined, signal: signal ?? undefined }));
  });
}

/** Reads to the end even if a listener throws: its first error is thrown then. */
async function deliverLines(log: string, ended: Promise<unknown>, onLine: (line: string) => void): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  for await (const line of tailLines(log, ended)) {
    if (failure) continue;
    try {
      onLine(line);
    } catch (error) {
      failure = { error };
    }
  }
  if (failure) throw failure.error;
}
