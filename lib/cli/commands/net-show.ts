import { readNetworks } from "../../deploy/network-list.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { networkText } from "../output/net.ts";
import { withDeployed } from "../with-deployed.ts";

export async function run(context: CommandContext, [name = ""]: readonly string[], options: CommonOptions): Promise<CommandResult> {
  return await withDeployed(context, options, async ({ deployed }) => {
    const networks = await readNetworks(deployed, [name]);
    return { exitCode: exitCodes.done, text: networks.map(networkText).join("\n"), document: { lab: deployed.lab.name, networks } };
  });
}
