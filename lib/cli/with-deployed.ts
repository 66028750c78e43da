import { openDeployed, type Deployed } from "../deploy/deployed.ts";
import { releaseHosts } from "../deploy/hosts.ts";
import type { OnProgress } from "../deploy/progress.ts";
import type { CommandContext, CommandResult, CommonOptions } from "./context.ts";
import { interruptible } from "./interrupt.ts";
import { deployedOptions } from "./lab-options.ts";
import { createProgressDisplay } from "./output/progress.ts";

/** What a command on a deployment works with. */
export interface DeployedWork {
  readonly deployed: Deployed;
  readonly onProgress: OnProgress;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Takes the progress off the terminal, for a command that now writes there itself. */
  readonly endProgress: () => void;
}

/** Opens what was applied, does the work, shows progress meanwhile. */
export async function withDeployed(
  context: CommandContext,
  options: CommonOptions,
  work: (work: DeployedWork) => Promise<CommandResult>,
  argument?: string,
): Promise<CommandResult> {
  const display = createProgressDisplay(context.stderr, context.env);
  try {
    return await interruptible(async (signal) => {
      const deployed = await openDeployed(deployedOptions(context, options, { argument, onProgress: display }));
      try {
        return await work({ deployed, onProgress: display, signal, endProgress: () => display.end() });
      } finally {
        await releaseHosts(deployed.hosts);
      }
    });
  } finally {
    display.end();
  }
}
