import { restoreSnapshot } from "../../deploy/snapshots.ts";
import { confirm } from "../confirm.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { withDeployed } from "../with-deployed.ts";

export interface SnapshotRestoreOptions extends CommonOptions {
  readonly yes?: boolean;
}

export async function run(
  context: CommandContext,
  [sandbox = "", name = ""]: readonly string[],
  options: SnapshotRestoreOptions,
): Promise<CommandResult> {
  await confirm(context, `Bring ${sandbox} back to its snapshot ${name}? What it has got since then is lost.`, options.yes);
  return await withDeployed(context, options, async ({ deployed }) => {
    await restoreSnapshot(deployed, sandbox, name);
    return { exitCode: exitCodes.done, text: `${sandbox}: snapshot ${name} restored\n`, document: { ok: true, sandbox, snapshot: name } };
  });
}
