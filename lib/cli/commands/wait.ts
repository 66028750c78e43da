import { resolve } from "node:path";
import { releaseHosts } from "../../deploy/hosts.ts";
import { openPrepared } from "../../deploy/open-prepared.ts";
import { waitForLab } from "../../deploy/wait.ts";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { Duration } from "../../units/duration.ts";
import type { CommandContext, CommandResult, CommonOptions } from "../context.ts";
import { interruptible } from "../interrupt.ts";
import { createProgressDisplay } from "../output/progress.ts";
import { waitResult } from "../wait-result.ts";
import { withDeployed, type DeployedWork } from "../with-deployed.ts";

export interface WaitOptions extends CommonOptions {
  readonly timeout?: string;
  readonly directory?: string;
}

export async function run(context: CommandContext, names: readonly string[], options: WaitOptions): Promise<CommandResult> {
  const timeout = options.timeout === undefined ? undefined : durationOf(options.timeout);
  const work = async ({ deployed, onProgress, signal }: Omit<DeployedWork, "endProgress">): Promise<CommandResult> =>
    waitResult(await waitForLab(deployed, names, { env: context.env, timeout, onProgress, signal }));
  if (options.directory === undefined) return await withDeployed(context, options, work);
  const directory = resolve(context.cwd, options.directory);
  const display = createProgressDisplay(context.stderr, context.env);
  try {
    return await interruptible(async (signal) => {
      const deployed = await openPrepared({ directory, env: context.env });
      try {
        return await work({ deployed, onProgress: display, signal });
      } finally {
        await releaseHosts(deployed.hosts);
      }
    });
  } finally {
    display.end();
  }
}

function durationOf(text: string): Duration {
  const duration = Duration.tryParse(text);
  if (duration && duration.milliseconds > 0) return duration;
  throw new DiagnosticError({
    code: "BAD_DURATION",
    severity: "error",
    summary: `expected a duration with a unit for --timeout, found ${JSON.stringify(text)}`,
    nextStep: "Write for example --timeout 5m or --timeout 90s.",
  });
}
