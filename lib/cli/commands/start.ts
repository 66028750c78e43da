import { selectSandboxes } from "../../deploy/deployed.ts";
import { startSandboxes } from "../../deploy/power.ts";
import { waitForLab } from "../../deploy/wait.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { powerText } from "../output/power.ts";
import { waitResult } from "../wait-result.ts";
import { withDeployed } from "../with-deployed.ts";

export interface StartOptions extends CommonOptions {
  /** `--no-wait` makes it false. */
  readonly wait?: boolean;
}

export async function run(context: CommandContext, names: readonly string[], options: StartOptions): Promise<CommandResult> {
  return await withDeployed(context, options, async ({ deployed, onProgress, signal }) => {
    const selected = selectSandboxes(deployed, names);
    const results = await startSandboxes(deployed, selected, { onProgress, signal });
    const text = powerText(results);
    if (options.wait === false) return { exitCode: exitCodes.done, text, document: { ok: true, sandboxes: results } };
    const report = await waitForLab(deployed, names, { env: context.env, onProgress, signal });
    const waited = waitResult(report);
    return { ...waited, text: text + (waited.text ?? ""), document: { ...(waited.document as object), started: results } };
  });
}
