import { listSnapshots } from "../../deploy/snapshots.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { renderTable } from "../output/table.ts";
import { withDeployed } from "../with-deployed.ts";

export async function run(context: CommandContext, [sandbox = ""]: readonly string[], options: CommonOptions): Promise<CommandResult> {
  return await withDeployed(context, options, async ({ deployed }) => {
    const snapshots = await listSnapshots(deployed, sandbox);
    const rows = snapshots.map(({ name, createdAt, running }) => [name, createdAt, running ? "disks and memory" : "disks"]);
    const text = rows.length === 0 ? `${sandbox} has no snapshots.\n` : renderTable(["SNAPSHOT", "TAKEN", "HOLDS"], rows);
    return { exitCode: exitCodes.done, text, document: { ok: true, sandbox, snapshots } };
  });
}
