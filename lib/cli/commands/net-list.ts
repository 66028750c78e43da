import { readNetworks } from "../../deploy/network-list.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { networkTable } from "../output/net.ts";
import { withDeployed } from "../with-deployed.ts";

export async function run(context: CommandContext, _args: readonly string[], options: CommonOptions): Promise<CommandResult> {
  return await withDeployed(context, options, async ({ deployed }) => {
    const networks = await readNetworks(deployed);
    const text = networks.length === 0 ? `Lab "${deployed.lab.name}" has no networks.\n` : networkTable(networks);
    return { exitCode: exitCodes.done, text, document: { lab: deployed.lab.name, networks } };
  });
}
