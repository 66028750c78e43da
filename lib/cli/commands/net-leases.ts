import { readLeases } from "../../deploy/network-list.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { renderTable } from "../output/table.ts";
import { withDeployed } from "../with-deployed.ts";

export async function run(context: CommandContext, _args: readonly string[], options: CommonOptions): Promise<CommandResult> {
  return await withDeployed(context, options, async ({ deployed }) => {
    const leases = await readLeases(deployed);
    const rows = leases.map(({ sandbox, network, mac, address, planned }) => [sandbox, network, mac, address, planned ? "yes" : "no"]);
    return {
      exitCode: exitCodes.done,
      text: rows.length === 0 ? "Nobody has a lease.\n" : renderTable(["SANDBOX", "NETWORK", "MAC", "ADDRESS", "AS PLANNED"], rows),
      document: { lab: deployed.lab.name, leases },
    };
  });
}
