import { script } from "@bomb.sh/tab";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { capturedConsole } from "../captured-console.ts";
import { exitCodes, type CommandContext, type CommandResult } from "../context.ts";

const shells = ["bash", "zsh", "fish", "powershell"];

export async function run(_context: CommandContext, [shell = ""]: readonly string[]): Promise<CommandResult> {
  if (!shells.includes(shell)) {
    throw new DiagnosticError({
      code: "BAD_OPTION",
      severity: "error",
      summary: `expected a shell, found ${JSON.stringify(shell)}`,
      nextStep: `Take one of ${shells.join(", ")}.`,
    });
  }
  const text = capturedConsole(() => script(shell, "terrarium", "terrarium"));
  return { exitCode: exitCodes.done, text, document: { shell, script: text } };
}
