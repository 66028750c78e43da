import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { CommandContext, CommandResult, CommonOptions } from "../context.ts";
import { commandOf, runRemote } from "../remote-command.ts";

export async function run(
  context: CommandContext,
  [sandbox = "", ...rest]: readonly string[],
  options: CommonOptions,
): Promise<CommandResult> {
  const words = commandOf(rest);
  if (words.length === 0 && options.json) {
    throw new DiagnosticError({
      code: "BAD_OPTION",
      severity: "error",
      summary: "a login has no JSON form",
      nextStep: "Leave --json out, or run a command: terrarium exec NAME --json -- COMMAND.",
    });
  }
  // As ssh does it: joined with spaces, for the guest's shell. `exec` is for arguments that no shell shall read.
  return await runRemote(context, options, { sandbox, ...(words.length > 0 && { command: words.join(" ") }) });
}
