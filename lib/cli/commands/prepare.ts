import { resolve } from "node:path";
import { prepareDirectory } from "../../deploy/prepare-directory.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { pausableProgress } from "../output/pausable-progress.ts";

interface Options extends CommonOptions {
  readonly newKey?: boolean;
}

/** `terrarium prepare [dir]` */
export async function run(context: CommandContext, [directory = "."]: readonly string[], options: Options): Promise<CommandResult> {
  const progress = pausableProgress(context);
  try {
    const { lab } = await prepareDirectory({
      directory: resolve(context.cwd, directory),
      env: context.env,
      onProgress: progress.show,
      newKey: options.newKey,
    });
    return { exitCode: exitCodes.done, text: `Prepared lab "${lab.name}": terraform apply finds its images, seeds and variables.\n` };
  } finally {
    progress.end();
  }
}
