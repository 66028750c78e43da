import { takeSnapshot } from "../../deploy/snapshots.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { withDeployed } from "../with-deployed.ts";

export async function run(
  context: CommandContext,
  [sandbox = "", name = ""]: readonly string[],
  options: CommonOptions,
): Promise<CommandResult> {
  return await withDeployed(context, options, async ({ deployed }) => {
    const snapshot = await takeSnapshot(deployed, sandbox, name);
    const text = `${sandbox}: snapshot ${name} taken (${snapshot.running ? "disks and memory" : "disks"})\n`;
    return { exitCode: exitCodes.done, text, document: { ok: true, sandbox, snapshot } };
  });
}
