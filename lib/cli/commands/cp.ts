import { copyFiles } from "../../deploy/copy-files.ts";
import { requireLogin } from "../../deploy/deployment-key.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { withDeployed } from "../with-deployed.ts";

export interface CpOptions extends CommonOptions {
  readonly recursive?: boolean;
}

export async function run(context: CommandContext, [from = "", to = ""]: readonly string[], options: CpOptions): Promise<CommandResult> {
  return await withDeployed(context, options, async ({ deployed, signal }) => {
    await requireLogin(deployed.state, context.env);
    await copyFiles(deployed, from, to, { cwd: context.cwd, recursive: options.recursive, signal });
    return { exitCode: exitCodes.done, document: { ok: true, from, to } };
  });
}
