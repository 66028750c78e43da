import { spawn } from "node:child_process";

export interface ProgramOptions {
  /** Milliseconds after which the program is killed. @default 30000 */
  readonly timeout?: number;
  /** Bytes for its standard input. @default - none: it reads an end of file */
  readonly input?: string;
}

/** How a program ended. It never throws for a program that fails: who called it knows what a failure means. */
export interface ProgramResult {
  /** Exit code; undefined if the program is not installed, was killed by a signal or took too long. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** True if there is no such program on the search path. */
  readonly missing: boolean;
}

/** System programs are often not on the search path of an ordinary user. */
const searchPath = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** What programs run in whose output is read: no translations, no local time, nothing of libvirt's own variables. */
export function programEnvironment(): Record<string, string> {
  const path = [...new Set([...(process.env["PATH"] ?? "").split(":").filter((part) => part.startsWith("/")), ...searchPath])];
  const keep = ["HOME", "USER", "LOGNAME", "TMPDIR", "SSH_AUTH_SOCK", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"];
  const kept = keep.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]));
  return { ...Object.fromEntries(kept), PATH: path.join(":"), LC_ALL: "C", LANGUAGE: "C", TZ: "UTC" };
}

/**
 * Runs a program to its end and collects what it wrote. Arguments reach it as they are: there is no shell.
 *
 * @example (await runProgram("virsh", ["--version"])).stdout // "9.0.0\n"
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  { timeout = 30_000, input }: ProgramOptions = {},
): Promise<ProgramResult> {
  return await new Promise((resolve, reject) => {
    // detached: Ctrl-C on the terminal is for us, who end in order; it must not cut off what is half-way here.
    const child = spawn(file, [...args], { env: programEnvironment(), stdio: ["pipe", "pipe", "pipe"], detached: true });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
      // What it started may still hold the pipes: what came until now is the answer.
      child.stdout.destroy();
      child.stderr.destroy();
    }, timeout);
    const result = (exitCode: number | undefined, missing: boolean): ProgramResult => ({
      exitCode,
      stdout: Buffer.concat(stdout).toString("utf8"),
      stderr: Buffer.concat(stderr).toString("utf8"),
      timedOut,
      missing,
    });
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    // A program that ends without reading its input closes the pipe; its exit code tells the rest.
    child.stdin.on("error", () => child.stdin.destroy());
    child.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (error.code === "ENOENT") resolve(result(undefined, true));
      else reject(error);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve(result(timedOut ? undefined : (code ?? undefined), false));
    });
    child.stdin.end(input ?? "");
  });
}
