import { requireLogin } from "../deploy/deployment-key.ts";
import { oneRunningSandbox } from "../deploy/one-sandbox.ts";
import { runOverSsh } from "../ssh/run-over-ssh.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "./context.ts";
import { whileChildRuns } from "./interrupt.ts";
import { withDeployed } from "./with-deployed.ts";

export interface RemoteCommand {
  readonly sandbox: string;
  /** A text goes to the guest's shell, a list is one program with its arguments; absent: a login. */
  readonly command?: string | readonly string[];
}

/**
 * Runs a command in a sandbox, or logs in: input, output and exit code pass through. With `--json` output is collected, input is empty.
 *
 * ssh's own failures are told apart from exit code 255 of the command and explained.
 */
export async function runRemote(
  context: CommandContext,
  options: CommonOptions,
  { sandbox: name, command }: RemoteCommand,
): Promise<CommandResult> {
  return await withDeployed(context, options, async ({ deployed, endProgress }) => {
    const { sandbox } = await oneRunningSandbox(deployed, name);
    await requireLogin(deployed.state, context.env);
    endProgress();
    const common = { configFile: deployed.sshConfig, sandbox: sandbox.name, command };
    if (options.json && command !== undefined) {
      const { exitCode, stdout, stderr, failure } = await runOverSsh({ ...common, batch: true });
      const code = exitCode ?? exitCodes.error;
      if (failure) return { exitCode: exitCodes.error, diagnostics: [failure] };
      return { exitCode: code, document: { ok: code === 0, sandbox: sandbox.name, exitCode: code, stdout, stderr } };
    }
    // Without a terminal on both ends a pseudo-terminal would turn line ends into CR LF and mix stderr into stdout.
    const tty = context.stdin.isTTY && context.stdout.isTTY === true;
    const { value, interrupted } = await whileChildRuns(
      async () =>
        await runOverSsh({ ...common, input: { inherit: true }, output: "inherit", tty: command === undefined ? undefined : tty }),
    );
    if (value.failure && !interrupted) return { exitCode: exitCodes.error, diagnostics: [value.failure] };
    return { exitCode: value.exitCode ?? (interrupted ? exitCodes.interrupted : exitCodes.error) };
  });
}

/** What follows the sandbox's name; the `--` before it is the user's way to say so. */
export function commandOf(args: readonly string[]): readonly string[] {
  return args[0] === "--" ? args.slice(1) : args;
}
