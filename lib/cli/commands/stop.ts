import { selectSandboxes } from "../../deploy/deployed.ts";
import { stopSandboxes } from "../../deploy/power.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { powerText } from "../output/power.ts";
import { withDeployed } from "../with-deployed.ts";

export interface StopOptions extends CommonOptions {
  readonly force?: boolean;
}

export async function run(context: CommandContext, names: readonly string[], options: StopOptions): Promise<CommandResult> {
  return await withDeployed(context, options, async ({ deployed, onProgress, signal }) => {
    const results = await stopSandboxes(deployed, selectSandboxes(deployed, names), { force: options.force, onProgress, signal });
    return { exitCode: exitCodes.done, text: powerText(results, options), document: { ok: true, sandboxes: results } };
  });
}
