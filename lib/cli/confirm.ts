import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { CommandContext } from "./context.ts";

/**
 * Asks the user; `yes` answers for them.
 *
 * @throws DiagnosticError NOT_CONFIRMED if nobody can be asked, or the answer is no
 */
export async function confirm(context: CommandContext, question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (context.stdin.isTTY && context.stderr.isTTY) {
    const { confirm: ask, isCancel } = await import("@clack/prompts");
    // Results are on stdout: the question must not be among them.
    const answer = await ask({ message: question, initialValue: false, output: process.stderr });
    if (!isCancel(answer) && answer) return;
    throw new DiagnosticError({ code: "NOT_CONFIRMED", severity: "error", summary: "nothing was changed: the answer was no" });
  }
  throw new DiagnosticError({
    code: "NOT_CONFIRMED",
    severity: "error",
    summary: `${question} Nobody can be asked: this is no terminal`,
    nextStep: "Read the plan, then add --yes.",
  });
}
