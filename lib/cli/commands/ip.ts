import { readStatus, type StatusAddress } from "../../deploy/sandbox-status.ts";
import { oneSandbox } from "../../deploy/one-sandbox.ts";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { withDeployed } from "../with-deployed.ts";

export async function run(context: CommandContext, [name = ""]: readonly string[], options: CommonOptions): Promise<CommandResult> {
  return await withDeployed(context, options, async ({ deployed }) => {
    const { sandbox } = oneSandbox(deployed, name);
    const planned = sandbox.nics.every(({ address }) => address !== undefined);
    const addresses: readonly Pick<StatusAddress, "network" | "address" | "mac">[] = planned
      ? sandbox.nics
      : ((await readStatus(deployed, [sandbox.name]))[0]?.addresses ?? []);
    const first = addresses.find(({ address }) => address !== undefined);
    if (sandbox.nics.length > 0 && !first) {
      throw new DiagnosticError({
        code: "NO_ADDRESS",
        severity: "error",
        summary: `nobody knows an address of sandbox "${sandbox.name}": the lab says none, and neither its guest agent nor this host's neighbours tell one`,
        nextStep: `Ask whoever gives addresses in its network, or look with: terrarium console ${sandbox.name}.`,
      });
    }
    if (!first) {
      throw new DiagnosticError({
        code: "NO_ADDRESS",
        severity: "error",
        summary: `sandbox "${sandbox.name}" has no network, so it has no address`,
        nextStep: `Give it one under \`networks\`, or use its console: terrarium console ${sandbox.name}.`,
      });
    }
    const list = addresses.map(({ network, address, mac }) => ({ network, address, mac }));
    return {
      exitCode: exitCodes.done,
      text: `${first.address}\n`,
      document: { sandbox: sandbox.name, address: first.address, addresses: list },
    };
  });
}
