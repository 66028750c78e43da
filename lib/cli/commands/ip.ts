import { oneSandbox } from "../../deploy/one-sandbox.ts";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { withDeployed } from "../with-deployed.ts";

export async function run(context: CommandContext, [name = ""]: readonly string[], options: CommonOptions): Promise<CommandResult> {
  return await withDeployed(context, options, async ({ deployed }) => {
    const { sandbox } = oneSandbox(deployed, name);
    const [first] = sandbox.nics;
    if (!first) {
      throw new DiagnosticError({
        code: "NO_ADDRESS",
        severity: "error",
        summary: `sandbox "${sandbox.name}" has no network, so it has no address`,
        nextStep: `Give it one under \`networks\`, or use its console: terrarium console ${sandbox.name}.`,
      });
    }
    const addresses = sandbox.nics.map(({ network, address, mac }) => ({ network, address, mac }));
    return { exitCode: exitCodes.done, text: `${first.address}\n`, document: { sandbox: sandbox.name, address: first.address, addresses } };
  });
}
