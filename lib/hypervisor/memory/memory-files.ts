import { createHash } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { failure } from "./failure.ts";

/** What a guest would see of an image file: a qcow2's header says it, of any other it is the file's size. */
export async function imageSize(file: string): Promise<number> {
  const handle = await openImage(file);
  try {
    const header = Buffer.alloc(32);
    const { bytesRead } = await handle.read(header, 0, 32, 0);
    if (bytesRead === 32 && header.toString("latin1", 0, 4) === "QFI\u00fb") return Number(header.readBigUInt64BE(24));
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

async function openImage(file: string): Promise<Awaited<ReturnType<typeof open>>> {
  try {
    return await open(file, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw failure("IMAGE_NOT_FOUND", `there is no image file ${file}`, "Check the image's path.");
  }
}

export async function contentOf(file: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
}
