import { openLab, requireUnchangedLock } from "../../deploy/open-lab.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { openLabOptions } from "../lab-options.ts";
import { counted } from "../output/counted.ts";

export interface ValidateOptions extends CommonOptions {
  readonly locked?: boolean;
}

export async function run(context: CommandContext, [file]: readonly string[], options: ValidateOptions): Promise<CommandResult> {
  const opened = await openLab(openLabOptions(context, options, file));
  if (options.locked) requireUnchangedLock(opened);
  const { lab, diagnostics } = opened;
  const [sandboxes, networks] = [Object.keys(lab.sandboxes), Object.keys(lab.networks)];
  return {
    exitCode: exitCodes.done,
    diagnostics,
    text: `${opened.file}: lab "${lab.name}" is valid: ${counted(sandboxes.length, "sandbox", "sandboxes")}, ${counted(networks.length, "network")}\n`,
    document: { ok: true, file: opened.file, lab: lab.name, sandboxes, networks },
  };
}
