import { removeUnneededImage } from "../../images/remove-unneeded-image.ts";
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
  const unused = images.filter(({ usedBy, neededLately }) => usedBy.length === 0 && !neededLately);
  if (unused.length === 0) {
    const text =
      images.length === 0
        ? "No images on this machine.\n"
        : `All ${counted(images.length, "image")} are in use, or were asked for within the last hour.\n`;
    return { exitCode: exitCodes.done, text, document: { ok: true, removed: [] } };
  }
  for (const { digest, fileSize } of unused) context.stderr.write(`${digest.slice(0, 12)}  ${byteSize(fileSize)}\n`);
  const sizeOf = (some: typeof unused): number => some.reduce((sum, { fileSize }) => sum + fileSize, 0);
  await confirm(context, `Remove ${counted(unused.length, "image")} (${byteSize(sizeOf(unused))}) that no disk uses?`, options.yes);
  const removed: typeof unused = [];
  for (const image of unused) if (await removeUnneededImage(image.digest)) removed.push(image);
  return {
    exitCode: exitCodes.done,
    text: `Removed ${counted(removed.length, "image")}, ${byteSize(sizeOf(removed))}.\n`,
    document: { ok: true, removed: removed.map(({ digest }) => digest) },
  };
}
