import { cacheDirectory } from "../deploy/cache-directory.ts";
import type { OpenDeployedOptions } from "../deploy/deployed.ts";
import type { OpenLabOptions } from "../deploy/open-lab.ts";
import type { OnProgress } from "../deploy/progress.ts";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { CommandContext, CommonOptions } from "./context.ts";

/**
 * The lab file that is meant: the command's argument, else `-f`, else `lab.yaml`.
 *
 * @throws DiagnosticError BAD_OPTION if argument and `-f` name two
 */
export function labFile({ file: flag }: CommonOptions, argument?: string): string {
  if (argument !== undefined && flag !== undefined && argument !== flag) {
    throw new DiagnosticError({
      code: "BAD_OPTION",
      severity: "error",
      summary: `expected one lab file, found two: ${argument} and ${flag} (-f or TERRARIUM_FILE)`,
      nextStep: "Name only one of them.",
    });
  }
  return argument ?? flag ?? "lab.yaml";
}

/** What `openLab` needs of a command line. */
export function openLabOptions(context: CommandContext, options: CommonOptions, argument?: string): OpenLabOptions {
  return {
    file: labFile(options, argument),
    cwd: context.cwd,
    env: context.env,
    variables: options.var,
    variableFiles: options.varFile,
    instance: options.instance,
    cacheDirectory: cacheDirectory(context.env),
  };
}

/** What `openDeployed` needs of a command line. */
export function deployedOptions(
  context: CommandContext,
  options: CommonOptions,
  { argument, onProgress }: { readonly argument?: string; readonly onProgress?: OnProgress } = {},
): OpenDeployedOptions {
  return { file: labFile(options, argument), cwd: context.cwd, env: context.env, instance: options.instance, onProgress };
}
