import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { CommandContext, CommandResult, CommonOptions } from "../context.ts";
import { commandOf, runRemote } from "../remote-command.ts";

export async function run(
  context: CommandContext,
  [sandbox = "", ...rest]: readonly string[],
  options: CommonOptions,
): Promise<CommandResult> {
  const command = commandOf(rest);
  if (command.length === 0) {
    throw new DiagnosticError({
      code: "BAD_OPTION",
      severity: "error",
      summary: `expected a command for sandbox "${sandbox}", found none`,
      nextStep: `Write it after \`--\`, such as terrarium exec ${sandbox} -- uname -a; to log in: terrarium ssh ${sandbox}.`,
    });
  }
  return await runRemote(context, options, { sandbox, command });
}
