import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { readImageUse } from "../image-use.ts";
import { byteSize } from "../output/byte-size.ts";
import { counted } from "../output/counted.ts";
import { renderTable } from "../output/table.ts";

export async function run(context: CommandContext, _args: readonly string[], options: CommonOptions): Promise<CommandResult> {
  const images = await readImageUse(context, options);
  const rows = images.map(({ digest, fileSize, virtualSize, usedBy, neededLately }) => [
    digest.slice(0, 12),
    byteSize(fileSize),
    byteSize(virtualSize),
    usedBy.length === 0 ? (neededLately ? "nothing yet" : "nothing") : counted(usedBy.length, "disk"),
  ]);
  const text = rows.length === 0 ? "No images on this machine.\n" : renderTable(["IMAGE", "FILE", "GUEST SEES", "USED BY"], rows);
  return { exitCode: exitCodes.done, text, document: { images } };
}
