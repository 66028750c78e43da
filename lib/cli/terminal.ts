import type { CommandContext, CommonOptions } from "./context.ts";

/** True if somebody can be asked: a terminal on both sides, and neither a script (`--json`) nor a CI job. */
export function isInteractive({ stdin, stdout, stderr, env }: CommandContext, { json }: CommonOptions = {}): boolean {
  const terminals = stdin.isTTY && (stdout.isTTY ?? false) && (stderr.isTTY ?? false);
  return terminals && json !== true && !env["CI"] && env["TERM"] !== "dumb";
}
