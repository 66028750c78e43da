import { followConsoleLog, readConsoleLog } from "../../deploy/console-log.ts";
import { oneSandbox, presentSandbox } from "../../deploy/one-sandbox.ts";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { consoleText, lastLines } from "../output/console-text.ts";
import { wholeNumber } from "../whole-number.ts";
import { withDeployed } from "../with-deployed.ts";

export interface LogsOptions extends CommonOptions {
  readonly lines?: string;
  readonly follow?: boolean;
}

export async function run(context: CommandContext, [name = ""]: readonly string[], options: LogsOptions): Promise<CommandResult> {
  const count = options.lines === undefined ? undefined : wholeNumber("--lines", options.lines, 0, 999_999_999);
  if (options.follow && options.json) {
    throw new DiagnosticError({
      code: "BAD_OPTION",
      severity: "error",
      summary: "--follow has no end, so it cannot be one JSON document",
      nextStep: "Leave out one of --follow and --json.",
    });
  }
  return await withDeployed(context, options, async ({ deployed, signal, endProgress }) => {
    const one = await presentSandbox(deployed, oneSandbox(deployed, name));
    const bytes = await readConsoleLog(one);
    const all = consoleText(new TextDecoder().decode(bytes));
    const text = count === undefined ? all : lastLines(all, count);
    if (!options.follow) return { exitCode: exitCodes.done, text, document: { sandbox: one.sandbox.name, text } };
    endProgress();
    context.stdout.write(text);
    const decoder = new TextDecoder();
    const write = (part: Uint8Array): void => void context.stdout.write(consoleText(decoder.decode(part, { stream: true })));
    await followConsoleLog(one, write, { from: bytes.length, signal });
    return { exitCode: exitCodes.interrupted };
  });
}
