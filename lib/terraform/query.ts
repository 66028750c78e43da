import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { terraformEnvironment } from "./environment.ts";
import { parseHumanErrors } from "./human-error.ts";
import type { Workplace } from "./run.ts";
import { translate } from "./translate.ts";

/**
 * Runs an engine's command that changes nothing and takes no lock, and gives what it printed. It needs no record and does not
 * outlive us: a broken pipe ends it.
 *
 * @throws DiagnosticError with what Terraform said, if it failed
 */
export async function query(
  { engine, workingDirectory, env }: Workplace,
  args: readonly string[],
  okCodes: readonly number[] = [0],
): Promise<string> {
  const child = spawn(engine.path, args, {
    cwd: workingDirectory,
    env: terraformEnvironment(env),
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, exit] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | NodeJS.Signals>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => resolve(code ?? signal ?? -1));
    }),
  ]);
  if (typeof exit === "number" && okCodes.includes(exit)) return stdout;
  const told = translate(
    parseHumanErrors(stderr).filter(({ severity }) => severity === "error"),
    { constraints: new Map() },
  ).map(({ diagnostic }) => diagnostic);
  if (told.length > 0) throw new DiagnosticError(told);
  throw new DiagnosticError({
    code: "TERRAFORM_ERROR",
    severity: "error",
    summary: `terraform ${args[0]} ended with ${exit}`,
    detail: stderr.trim() || undefined,
    nextStep: "Set TF_LOG=debug and try again to see more.",
  });
}
