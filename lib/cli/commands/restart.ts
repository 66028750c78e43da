import { selectSandboxes } from "../../deploy/deployed.ts";
import { startSandboxes, stopSandboxes } from "../../deploy/power.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { powerText } from "../output/power.ts";
import { withDeployed } from "../with-deployed.ts";

export interface RestartOptions extends CommonOptions {
  readonly force?: boolean;
}

export async function run(context: CommandContext, names: readonly string[], options: RestartOptions): Promise<CommandResult> {
  return await withDeployed(context, options, async ({ deployed, onProgress, signal }) => {
    const selected = selectSandboxes(deployed, names);
    const stopped = await stopSandboxes(deployed, selected, { force: options.force, onProgress, signal });
    // Stopped and left so would be worse than started although the user has changed his mind: no signal here.
    const started = await startSandboxes(deployed, selected, { onProgress });
    const text = `${powerText(stopped, options)}${powerText(started)}When they are ready: terrarium wait${names.length > 0 ? ` ${names.join(" ")}` : ""}\n`;
    return { exitCode: exitCodes.done, text, document: { ok: true, sandboxes: started, stopped } };
  });
}
