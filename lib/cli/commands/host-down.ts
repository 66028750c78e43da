import { downEmbedded } from "../../host/down.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";

export interface HostDownOptions extends CommonOptions {
  readonly force?: boolean;
}

const words = {
  removed: "is down; nothing of it is left",
  kept: "is down; its sandboxes, networks and disks are kept for its next start",
  absent: "is not there",
} as const;

export async function run({ env }: CommandContext, [name = "local"]: readonly string[], options: HostDownOptions): Promise<CommandResult> {
  const outcome = await downEmbedded(name, { root: env["TERRARIUM_HOST_DIR"], force: options.force });
  return { exitCode: exitCodes.done, text: `Host "${name}" ${words[outcome]}.\n`, document: { ok: true, host: name, outcome } };
}
