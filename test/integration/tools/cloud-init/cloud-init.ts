import { execFileSync, spawnSync } from "node:child_process";

const environment = { ...process.env, LC_ALL: "C.UTF-8", TZ: "UTC" };

/** Debian's own Python: the one that has the `cloudinit` module. */
const python = "/usr/bin/python3";

/** Runs one of the Python programs beside this file, with a JSON document as its input and as its output. */
export function askPython(program: string, input: unknown): unknown {
  const output = execFileSync(python, [new URL(program, import.meta.url).pathname], {
    env: environment,
    input: JSON.stringify(input),
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(output) as unknown;
}

/** What `cloud-init …` says, and its exit code. */
export function cloudInit(...args: string[]): { readonly exitCode: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync("cloud-init", args, { env: environment, encoding: "utf8" });
  return { exitCode: status, output: stdout + stderr };
}
