import { execa } from "execa";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";

export interface GitResult {
  readonly ok: boolean;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Answers of git are held in memory: 256 MiB is beyond every repository of labs. */
const mostBytes = 256 * 1024 ** 2;

/** No hook, no file-system monitor, no replaced objects, no fetch of what a partial clone lacks, no question. */
const quiet = ["--no-replace-objects", "--literal-pathspecs", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];
const environment = { LC_ALL: "C", TZ: "UTC", GIT_NO_LAZY_FETCH: "1", GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0" };

/**
 * Runs git, which reads only.
 *
 * @param input for its stdin
 * @throws DiagnosticError GIT_MISSING where there is no git
 */
export async function git(cwd: string, args: readonly string[], input?: string): Promise<GitResult> {
  const options = { cwd, reject: false, encoding: "buffer", maxBuffer: mostBytes, env: environment, stripFinalNewline: false } as const;
  const result = await execa("git", [...quiet, ...args], input === undefined ? { ...options, stdin: "ignore" } : { ...options, input });
  if ("code" in result && result.code === "ENOENT") {
    throw new DiagnosticError({
      code: "GIT_MISSING",
      severity: "error",
      summary: "a review against a base reads the repository with git, which is not installed",
      nextStep: "Install git, or review a plan: `terrarium review --plan FILE`.",
    });
  }
  return { ok: result.exitCode === 0, stdout: Buffer.from(result.stdout), stderr: Buffer.from(result.stderr).toString("utf8") };
}

/** One line that git says, or undefined where it says no. */
export async function gitLine(cwd: string, args: readonly string[]): Promise<string | undefined> {
  const { ok, stdout } = await git(cwd, args);
  const line = stdout.toString("utf8").trimEnd();
  return ok && line !== "" ? line : undefined;
}
