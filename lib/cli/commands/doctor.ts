import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { examine } from "../../deploy/doctor/doctor.ts";
import { worst } from "../../deploy/doctor/health.ts";
import { openLab } from "../../deploy/open-lab.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { labFile, openLabOptions } from "../lab-options.ts";
import { renderHealth } from "../output/health.ts";

interface Options extends CommonOptions {
  readonly host?: string;
  readonly strict?: boolean;
}

/** `terrarium doctor [file]` */
export async function run(context: CommandContext, [argument]: readonly string[], options: Options): Promise<CommandResult> {
  const file = labFile(options, argument);
  const isNamed = argument !== undefined || options.file !== undefined;
  const hasLab = isNamed || (await isThere(resolve(context.cwd, file)));
  const health = await examine({
    file,
    cwd: context.cwd,
    env: context.env,
    ...(options.instance !== undefined && { instance: options.instance }),
    ...(options.host !== undefined && { host: options.host }),
    ...(hasLab && { openLab: async () => (await openLab(openLabOptions(context, options, argument))).lab }),
  });
  const verdict = worst(health);
  const isWell = verdict !== "error" && !(options.strict && verdict === "warning");
  return {
    exitCode: isWell ? exitCodes.done : exitCodes.error,
    text: renderHealth(health, context.stdout.columns),
    document: { ok: isWell, worst: verdict, health },
  };
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
