import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { DiagnosticCode } from "../../diagnostics/codes.ts";
import { runProgram } from "../program.ts";
import { nextStepFor } from "./next-step.ts";
import { classifyVirshError, virshCause } from "./virsh-error.ts";

/** Commands of one batch, each with its arguments. */
export type VirshCommand = readonly string[];

export interface VirshOptions {
  /** Milliseconds. @default - the host's */
  readonly timeout?: number;
}

/** True for a DiagnosticError of one of these codes. */
export function hasCode(error: unknown, ...codes: readonly DiagnosticCode[]): boolean {
  return error instanceof DiagnosticError && codes.some((code) => error.diagnostics[0]?.code === code);
}

/** Longest command line that one argument of a process may hold, with room to spare (Linux: 128 KiB). */
const longestBatch = 100_000;
const mark = "terrarium-batch-mark";

/** Runs virsh on one host. Every call has a timeout, since a stopped libvirtd lets virsh hang for ever. */
export class Virsh {
  readonly uri: string;
  readonly timeout: number;

  /** @param timeout milliseconds for one process @default 30000 */
  constructor(uri: string, timeout = 30_000) {
    this.uri = uri;
    this.timeout = timeout;
  }

  /** Runs one command. @throws DiagnosticError of the class of its error message */
  async run(command: VirshCommand, { timeout = this.timeout }: VirshOptions = {}): Promise<string> {
    const result = await runProgram("virsh", ["-q", "-c", this.uri, ...command], { timeout });
    if (result.exitCode !== 0) throw this.failure(command.join(" "), result, timeout);
    return result.stdout;
  }

  /** Runs one command; undefined if it fails with one of `accepted`. */
  async tryRun(command: VirshCommand, accepted: readonly DiagnosticCode[], options: VirshOptions = {}): Promise<string | undefined> {
    try {
      return await this.run(command, options);
    } catch (error) {
      if (hasCode(error, ...accepted)) return undefined;
      throw error;
    }
  }

  /**
   * Runs many commands in few processes.
   *
   * @returns the output of each; empty for one that failed, since virsh does not say which did
   * @throws DiagnosticError if the connection fails
   */
  async batch(commands: readonly VirshCommand[]): Promise<string[]> {
    const outputs: string[] = [];
    for (const lines of cut(commands.map((command) => command.map(quote).join(" ")))) {
      const script = lines.map((line) => `${line}; echo ${mark}`).join("; ");
      const result = await runProgram("virsh", ["-q", "-c", this.uri, script], { timeout: this.timeout });
      // Quiet virsh ends an echo without a newline; some versions end it with one.
      const parts = result.stdout.split(new RegExp(`${mark}\\n?`));
      // The last `echo` decides the exit code: it fails only with the connection.
      if (result.exitCode !== 0 || parts.length !== lines.length + 1) throw this.failure("batch", result, this.timeout);
      outputs.push(...parts.slice(0, -1));
    }
    return outputs;
  }

  private failure(what: string, result: Awaited<ReturnType<typeof runProgram>>, timeout: number): DiagnosticError {
    if (result.missing) {
      return new DiagnosticError({
        code: "TOOL_MISSING",
        severity: "error",
        summary: "virsh is not installed",
        nextStep: "Run: apt-get install -y --no-install-recommends libvirt-clients",
      });
    }
    const code = result.timedOut ? "HOST_TIMEOUT" : classifyVirshError(result.stderr);
    const cause = result.timedOut ? `libvirtd did not answer within ${timeout / 1000} s` : virshCause(result.stderr);
    return new DiagnosticError({
      code,
      severity: "error",
      summary: `virsh ${what}: ${cause}`,
      detail: `Host: ${this.uri}\n${result.stderr.trim()}`,
      nextStep: nextStepFor(code),
    });
  }
}

/** Quotes a word for virsh's own command parser, which knows single quotes and backslashes as a shell does. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function cut(lines: readonly string[]): string[][] {
  const chunks: string[][] = [];
  let room = 0;
  for (const line of lines) {
    const length = line.length + mark.length + 10;
    if (room < length) {
      chunks.push([]);
      room = longestBatch;
    }
    chunks.at(-1)?.push(line);
    room -= length;
  }
  return chunks;
}
