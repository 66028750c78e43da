import { readFile } from "node:fs/promises";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { withDeployed } from "../with-deployed.ts";

export async function run(context: CommandContext, _args: readonly string[], options: CommonOptions): Promise<CommandResult> {
  return await withDeployed(context, options, async ({ deployed }) => {
    const text = await readFile(deployed.sshConfig, "utf8");
    const hosts = Object.keys(deployed.lab.sandboxes);
    return { exitCode: exitCodes.done, text, document: { file: deployed.sshConfig, hosts, text } };
  });
}
