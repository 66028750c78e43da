import { removePlacedImage } from "../../images/placed-images.ts";
import { confirm } from "../confirm.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { readImageUse } from "../image-use.ts";
import { byteSize } from "../output/byte-size.ts";
import { counted } from "../output/counted.ts";

export interface ImagesPruneOptions extends CommonOptions {
  readonly yes?: boolean;
}

export async function run(context: CommandContext, _args: readonly string[], options: ImagesPruneOptions): Promise<CommandResult> {
  const images = await readImageUse(context, options);
  const unused = images.filter(({ usedBy }) => usedBy.length === 0);
  if (unused.length === 0) {
    const text = images.length === 0 ? "No images on this machine.\n" : `All ${counted(images.length, "image")} are in use.\n`;
    return { exitCode: exitCodes.done, text, document: { ok: true, removed: [] } };
  }
  for (const { digest, fileSize } of unused) context.stderr.write(`${digest.slice(0, 12)}  ${byteSize(fileSize)}\n`);
  const total = unused.reduce((sum, { fileSize }) => sum + fileSize, 0);
  await confirm(context, `Remove ${counted(unused.length, "image")} (${byteSize(total)}) that no disk uses?`, options.yes);
  const removed: string[] = [];
  for (const { digest } of unused) if (await removePlacedImage(digest)) removed.push(digest);
  return {
    exitCode: exitCodes.done,
    text: `Removed ${counted(removed.length, "image")}, ${byteSize(total)}.\n`,
    document: { ok: true, removed },
  };
}
