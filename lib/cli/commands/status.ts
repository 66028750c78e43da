import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { readStatus } from "../../deploy/sandbox-status.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { statusLines, statusTable } from "../output/status.ts";
import { watchStatus } from "../watch-status.ts";
import { withDeployed } from "../with-deployed.ts";

export interface StatusOptions extends CommonOptions {
  readonly watch?: boolean;
}

export async function run(context: CommandContext, [file]: readonly string[], options: StatusOptions): Promise<CommandResult> {
  if (options.watch && options.json) {
    throw new DiagnosticError({
      code: "BAD_OPTION",
      severity: "error",
      summary: "--watch has no end, so it cannot be one JSON document",
      nextStep: "Leave out one of --watch and --json.",
    });
  }
  return await withDeployed(
    context,
    options,
    async ({ deployed, signal, endProgress }) => {
      const { lab } = deployed;
      if (options.watch) {
        endProgress();
        await watchStatus(context, async () => await readStatus(deployed), signal);
        return { exitCode: exitCodes.interrupted };
      }
      const sandboxes = await readStatus(deployed);
      return {
        exitCode: exitCodes.done,
        text: sandboxes.length === 0 ? `Lab "${lab.name}" has no sandboxes.\n` : statusTable(sandboxes) + statusLines(sandboxes),
        document: { lab: lab.name, sandboxes },
      };
    },
    file,
  );
}
