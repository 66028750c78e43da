import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { makeTemporaryFolder } from "../files/temporary-folder.ts";
import type { Duration } from "../units/duration.ts";
import { sshCommand, type SshCommandOptions } from "./ssh-command.ts";
import { explainSshFailure } from "./ssh-failure.ts";

export interface RunOverSshOptions extends Omit<SshCommandOptions, "logFile"> {
  /**
   * When to stop ssh. The command there is not stopped by it, unless it has a terminal or reads its input.
   *
   * @default - never
   */
  readonly timeout?: Duration;
  /** Stops ssh as `timeout` does. */
  readonly signal?: AbortSignal;
  /**
   * Standard input of the command: a text, or `inherit` for this process's own.
   *
   * @default "" (empty)
   */
  readonly input?: string | { readonly inherit: true };
  /**
   * `inherit`: the command writes to this process's output, as `terrarium exec` wants it; `stdout` and `stderr` are then empty.
   *
   * @default "capture"
   */
  readonly output?: "capture" | "inherit";
}

/** How a command in a sandbox ended. */
export interface SshResult {
  /** The command's exit code; undefined if ssh was stopped, or could not run the command or see its end. */
  readonly exitCode: number | undefined;
  /** Output of the command, as UTF-8; up to 100 MB. */
  readonly stdout: string;
  /** The command's standard error; ssh's own messages are not in it. */
  readonly stderr: string;
  /** True if `timeout` was over before the command ended. */
  readonly timedOut: boolean;
  /** True if `signal` stopped it. */
  readonly canceled: boolean;
  /** Why ssh itself failed, if it did: `passingSshFailures` tells whether to try again. */
  readonly failure?: Diagnostic;
}

/**
 * Runs a command in a sandbox through the system's `ssh` and never asks anything, unless input is inherited.
 *
 * A failure of the connection is a result, as waiting for a sandbox meets many of them; so is an exit code other than 0.
 *
 * @throws DiagnosticError `SSH_MISSING` if there is no `ssh`
 * @example const { exitCode, failure } = await runOverSsh({ configFile, sandbox: "web", command: ["cloud-init", "status"] });
 */
export async function runOverSsh(options: RunOverSshOptions): Promise<SshResult> {
  const { sandbox, timeout, signal, input = "", output = "capture" } = options;
  // ssh's messages go to a file of their own: otherwise a command that exits 255 and prints "Connection refused" would look like them.
  const folder = await makeTemporaryFolder("ssh");
  try {
    const logFile = join(folder, "log");
    const batch = options.batch ?? typeof input === "string";
    const [program, ...args] = sshCommand({ ...options, batch, logFile });
    const out = output === "inherit" ? "inherit" : "pipe";
    const result = await execa(program, args, {
      ...(typeof input === "string" ? { input } : { stdin: "inherit" as const }),
      stdout: out,
      stderr: out,
      ...(timeout ? { timeout: Math.max(1, timeout.milliseconds) } : {}),
      ...(signal ? { cancelSignal: signal } : {}),
      env: { LC_ALL: "C" },
      reject: false,
      stripFinalNewline: false,
    });
    if (result.code === "ENOENT") throw sshMissing(result.cause);
    const wasStopped = result.timedOut || result.isCanceled;
    const mayHaveFailed = result.exitCode === 255 && !wasStopped;
    const failure = mayHaveFailed ? explainSshFailure(await readLog(logFile), sandbox, result.stderr) : undefined;
    return {
      exitCode: wasStopped || failure ? undefined : result.exitCode,
      stdout: result.stdout ?? "",
      stderr: result.stderr ?? "",
      timedOut: result.timedOut,
      canceled: result.isCanceled,
      ...(failure ? { failure } : {}),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readLog(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    // No file: ssh could not even begin, such as with an option that it does not know.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

function sshMissing(cause: unknown): DiagnosticError {
  return new DiagnosticError(
    {
      code: "SSH_MISSING",
      severity: "error",
      summary: 'expected OpenSSH\'s "ssh" on PATH, found none',
      nextStep: "Install it: apt-get install openssh-client",
    },
    { cause },
  );
}
