import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import pLimit, { type LimitFunction } from "p-limit";
import type { DiagnosticCode } from "../../diagnostics/codes.ts";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { toWindowsPath } from "./locate.ts";
import { nextStepFor } from "./next-step.ts";
import { classifyVBoxManageError, retryReason, saysError, vboxManageCause } from "./vboxmanage-error.ts";

export interface RunOptions {
  /** UUID of the machine that the command locks, however shortly: commands for one machine run one after another. */
  readonly machine?: string;
  /** Milliseconds. @default that of the VBoxManage */
  readonly timeout?: number;
}

export interface VBoxManageOptions {
  /** Milliseconds for one call; VBoxManage itself stalls for 10 s now and then. @default 120000 */
  readonly timeout?: number;
  /** Further environment, such as `VBOX_USER_HOME` and `VBOX_IPC_SOCKETID` of a private daemon. */
  readonly environment?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  readonly missing: boolean;
}

/** Measured: two at a time are 1.65 times as fast as one; four make VBoxSVC stall for 10 s, eight fail. One limit for the whole process. */
const atOnce = pLimit(2);
/** Two commands for one machine fail half the time, and have hung VBoxSVC for good. One queue for each machine, for the whole process. */
const queues = new Map<string, LimitFunction>();
const attempts = { com: 6, lock: 8 };

/** Runs VBoxManage. Every call is a process of its own that talks to the user's daemon VBoxSVC, which starts and ends by itself. */
export class VBoxManage {
  readonly program: string;
  private readonly timeout: number;
  private readonly environment: Readonly<Record<string, string>>;

  constructor(program: string, { timeout = 120_000, environment = {} }: VBoxManageOptions = {}) {
    this.program = program;
    this.timeout = timeout;
    this.environment = environment;
  }

  /** Runs one command. @returns its standard output @throws DiagnosticError of the class of its error message */
  async run(command: readonly string[], { machine, timeout = this.timeout }: RunOptions = {}): Promise<string> {
    const queue = machine === undefined ? undefined : queueOf(machine);
    const work = (): Promise<string> => this.repeat(command, timeout);
    return await (queue === undefined ? work() : queue(work));
  }

  /** Runs one command; undefined if it fails with one of `accepted`. */
  async tryRun(command: readonly string[], accepted: readonly DiagnosticCode[], options: RunOptions = {}): Promise<string | undefined> {
    try {
      return await this.run(command, options);
    } catch (error) {
      if (error instanceof DiagnosticError && accepted.some((code) => error.diagnostics[0]?.code === code)) return undefined;
      throw error;
    }
  }

  private async repeat(command: readonly string[], timeout: number): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await atOnce(() => this.once(command, timeout));
      const said = `${answer.stderr}\n${answer.stdout}`;
      // It exits with 0 and an error for a NIC number it does not have, among others.
      if (answer.exitCode === 0 && !saysError(said)) return answer.stdout;
      const reason = answer.exitCode === undefined ? undefined : retryReason(said);
      if (reason === undefined || attempt >= attempts[reason]) throw this.failure(command, answer, timeout);
      await sleep(Math.min(100 * 2 ** attempt, 1500));
    }
  }

  private async once(command: readonly string[], timeout: number): Promise<Answer> {
    // detached: Ctrl-C on the terminal is for us; a clone that is cut off leaves files behind.
    const result = await execa(this.program, ["-q", ...command.map((word) => this.asArgument(word))], {
      env: { ...this.environment, LC_ALL: "C", LANGUAGE: "C", TZ: "UTC" },
      detached: true,
      cleanup: false,
      stdin: "ignore",
      timeout,
      killSignal: "SIGKILL",
      encoding: "buffer",
      reject: false,
      stripFinalNewline: false,
      maxBuffer: 64 * 2 ** 20,
    });
    const missing = result.code === "ENOENT" || result.code === "EACCES";
    if (result.failed && result.exitCode === undefined && !missing && !result.timedOut && result.signal === undefined) throw result;
    return {
      exitCode: result.exitCode,
      stdout: withoutWarnings(decode(result.stdout)),
      stderr: decode(result.stderr),
      timedOut: result.timedOut,
      missing,
    };
  }

  /** Windows' program, called from WSL, knows Windows' paths only. */
  private asArgument(word: string): string {
    return isWindowsFromLinux(this.program) ? (toWindowsPath(word) ?? word) : word;
  }

  private failure(command: readonly string[], answer: Answer, timeout: number): DiagnosticError {
    if (answer.missing) return programMissing(this.program);
    const said = `${answer.stderr}\n${answer.stdout}`.trim();
    const code = answer.timedOut ? "HOST_TIMEOUT" : classifyVBoxManageError(said);
    const cause = answer.timedOut ? `no answer within ${timeout / 1000} s` : vboxManageCause(said);
    return new DiagnosticError({
      code,
      severity: "error",
      summary: `VBoxManage ${command[0] ?? ""}: ${cause}`,
      detail: `VBoxManage ${command.join(" ")}\n${said
        .split(/\r?\n/)
        .filter((line) => !/^\s*VBoxManage \w|^\s+[[<]/.test(line))
        .slice(0, 20)
        .join("\n")}`,
      nextStep: nextStepFor(code),
    });
  }
}

/** True for WSL: a Linux process that runs Windows' program. */
export function isWindowsFromLinux(program: string): boolean {
  return process.platform === "linux" && program.endsWith(".exe");
}

/** No VBoxManage at all. */
export function programMissing(program: string | undefined): DiagnosticError {
  return new DiagnosticError({
    code: "TOOL_MISSING",
    severity: "error",
    summary: program === undefined ? "VirtualBox is not installed: there is no VBoxManage" : `there is no program ${program}`,
    nextStep: "Install VirtualBox (https://www.virtualbox.org), or name its VBoxManage in the environment variable VBOX_MANAGE_PATH.",
  });
}

/** Bytes that are no UTF-8 (seen in names of host devices) become marks, never an error. */
function decode(bytes: Uint8Array | undefined): string {
  return new TextDecoder("utf8").decode(bytes ?? new Uint8Array()).replaceAll("\r\n", "\n");
}

/** Debian's wrapper says on standard output, before the answer, that there is no kernel driver. Pure. */
export function withoutWarnings(stdout: string): string {
  return stdout.replace(/^(?:WARNING: .*\n(?:[ \t].*\n|\n)*)+/, "");
}

function queueOf(machine: string): LimitFunction {
  const queue = queues.get(machine) ?? pLimit(1);
  queues.set(machine, queue);
  return queue;
}
