import { lstat } from "node:fs/promises";
import { resolve } from "node:path";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { isNodeError } from "../../images/files.ts";
import { prepareImage } from "../../images/prepare/prepare-image.ts";
import type { Preparation } from "../../images/prepare/preparation.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { fileOfImage, namedImage } from "../image-argument.ts";
import { pausableProgress } from "../output/pausable-progress.ts";
import { wrap } from "../output/wrap.ts";

interface Options extends CommonOptions {
  readonly out?: string;
  readonly removeNetworkFiles?: boolean;
}

/** `terrarium images prepare IMAGE --out FILE`: an image from a used VM's disk. */
export async function run(context: CommandContext, [image = ""]: readonly string[], options: Options): Promise<CommandResult> {
  if (options.out === undefined || options.out === "") {
    const nextStep = `terrarium images prepare ${image} --out base.qcow2`;
    throw new DiagnosticError({ code: "BAD_OPTION", severity: "error", summary: "expected --out FILE: the image to make", nextStep });
  }
  const out = resolve(context.cwd, options.out);
  await refuseExisting(out);
  const named = await namedImage(context, image, options);
  const progress = pausableProgress(context);
  let preparations: Preparation[];
  try {
    const { path } = await fileOfImage(named, context, (event) => progress.show({ kind: "image", image, progress: event }));
    preparations = await prepareImage({ path, out, removeNetworkFiles: options.removeNetworkFiles });
  } finally {
    progress.end();
  }
  return {
    exitCode: exitCodes.done,
    text: `${preparations.flatMap((preparation) => linesOf(preparation, context.stdout.columns)).join("")}${options.out} is made; ${image} is untouched.\n`,
    document: { ok: true, image, out, preparations: preparations.map(({ check, done, left }) => ({ check, done, left })) },
  };
}

function linesOf({ check, done, left }: Preparation, columns = 100): string[] {
  const head = check.padEnd("mac-addresses".length + 2);
  const texts = [...(done === undefined ? [] : [done]), ...(left === undefined ? [] : [`left: ${left}`])];
  const lines = (texts.length === 0 ? ["nothing to do"] : texts).flatMap((text) =>
    wrap([{ text }], { color: false, width: columns, indent: head.length }),
  );
  return lines.map((line, index) => `${index === 0 ? head : " ".repeat(head.length)}${line}\n`);
}

/** Before minutes of copying; that nothing has come there meanwhile is told at the end. */
async function refuseExisting(out: string): Promise<void> {
  try {
    await lstat(out);
  } catch (error) {
    if (isNodeError(error, "ENOENT", "ENOTDIR")) return;
    throw error;
  }
  const nextStep = "Name another file, or remove that one.";
  throw new DiagnosticError({ code: "FILE_EXISTS", severity: "error", summary: `${out} is already there`, nextStep });
}
