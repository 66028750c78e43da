import { execa } from "execa";
import { oneRunningSandbox } from "../../deploy/one-sandbox.ts";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { whileChildRuns } from "../interrupt.ts";
import { withDeployed } from "../with-deployed.ts";

export async function run(context: CommandContext, [name = ""]: readonly string[], options: CommonOptions): Promise<CommandResult> {
  if (!context.stdin.isTTY || context.stdout.isTTY !== true || options.json) {
    throw new DiagnosticError({
      code: "NEEDS_TERMINAL",
      severity: "error",
      summary: "a console needs a terminal on both ends",
      nextStep: `Without one: terrarium logs ${name} prints what it said, terrarium exec ${name} -- COMMAND runs a command.`,
    });
  }
  return await withDeployed(context, options, async ({ deployed, endProgress }) => {
    const { host, record, sandbox } = await oneRunningSandbox(deployed, name);
    endProgress();
    context.stderr.write(`Console of ${sandbox.name}: press Enter for a prompt, ctrl-] leaves.\n`);
    const [program = "", ...args] = host.hypervisor.consoleCommand(record.id);
    const { value } = await whileChildRuns(async () => await execa(program, args, { stdio: "inherit", reject: false }));
    return { exitCode: value.exitCode ?? exitCodes.error };
  });
}
