import { removeSnapshot } from "../../deploy/snapshots.ts";
import { confirm } from "../confirm.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { withDeployed } from "../with-deployed.ts";

export interface SnapshotRemoveOptions extends CommonOptions {
  readonly yes?: boolean;
}

export async function run(
  context: CommandContext,
  [sandbox = "", name = ""]: readonly string[],
  options: SnapshotRemoveOptions,
): Promise<CommandResult> {
  await confirm(context, `Remove the snapshot ${name} of ${sandbox}?`, options.yes);
  return await withDeployed(context, options, async ({ deployed }) => {
    await removeSnapshot(deployed, sandbox, name);
    return { exitCode: exitCodes.done, text: `${sandbox}: snapshot ${name} removed\n`, document: { ok: true, sandbox, snapshot: name } };
  });
}
