import type { Command, Option } from "commander";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";

/** The environment variable that sets a flag: `--no-wait` → `TERRARIUM_NO_WAIT`, `--allow-loss` → `TERRARIUM_ALLOW_LOSS`. */
export function flagVariable({ long, short }: Pick<Option, "long" | "short">): string {
  return `TERRARIUM_${(long ?? short ?? "").replace(/^-+/, "").replaceAll("-", "_").toUpperCase()}`;
}

/**
 * Sets the flags that the command line leaves out from the environment. Not with commander's `env()`: that one reads the process's environment, not the
 * context's, and takes `TERRARIUM_YES=0` for yes.
 *
 * @throws DiagnosticError BAD_OPTION for an on/off flag whose variable is neither
 */
export function takeFlagsFromEnvironment(command: Command, env: Readonly<NodeJS.ProcessEnv>): void {
  for (const option of command.options) {
    const name = flagVariable(option);
    const value = env[name];
    if (value === undefined || command.getOptionValueSource(option.attributeName()) === "cli") continue;
    if (option.required || option.optional) {
      const parsed: unknown = option.parseArg ? option.parseArg(value, undefined) : value;
      if (value !== "") command.setOptionValueWithSource(option.attributeName(), parsed, "env");
    } else if (isOn(name, value)) {
      command.setOptionValueWithSource(option.attributeName(), !option.negate, "env");
    }
  }
}

function isOn(name: string, value: string): boolean {
  if (/^(1|true|yes|on)$/i.test(value)) return true;
  if (/^(|0|false|no|off)$/i.test(value)) return false;
  throw new DiagnosticError({
    code: "BAD_OPTION",
    severity: "error",
    summary: `expected 1 or 0 in ${name}, found ${JSON.stringify(value)}`,
    nextStep: `Set ${name}=1 for the flag, ${name}=0 or nothing to go without.`,
  });
}
