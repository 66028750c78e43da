import { resolve } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { requireLogin } from "../../deploy/deployment-key.ts";
import { checkNetworks } from "../../deploy/net-check.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { junitText } from "../output/junit.ts";
import { checkText } from "../output/net.ts";
import { withDeployed } from "../with-deployed.ts";

export interface NetCheckOptions extends CommonOptions {
  /** A file for the results in JUnit's form. */
  readonly junit?: string;
}

export async function run(context: CommandContext, names: readonly string[], options: NetCheckOptions): Promise<CommandResult> {
  return await withDeployed(context, options, async ({ deployed, signal }) => {
    await requireLogin(deployed.state, context.env);
    const report = await checkNetworks(deployed, names, signal);
    if (options.junit !== undefined) await writeFileAtomic(resolve(context.cwd, options.junit), junitText(deployed.lab.name, report));
    return {
      exitCode: report.failed > 0 ? exitCodes.error : exitCodes.done,
      text: checkText(report),
      document: { ok: report.failed === 0, lab: deployed.lab.name, ...report },
    };
  });
}
