import { open } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as delay } from "node:timers/promises";

/** How often a quiet file is looked at, in milliseconds: no reader of progress notices more. */
const pollInterval = 50;

/**
 * Reads the lines of a file that still grows, as they come, without their line ends.
 *
 * @param ended settles when nothing more will be written; a last line without an end is then given, too
 */
export async function* tailLines(path: string, ended: Promise<unknown>): AsyncGenerator<string> {
  let over = false;
  const settled = ended.then(
    () => (over = true),
    () => (over = true),
  );
  const file = await open(path, "r");
  try {
    const decoder = new StringDecoder("utf8");
    const buffer = Buffer.alloc(64 * 1024);
    let rest = "";
    for (;;) {
      // Asked before the read: what was written before the end is seen by the reads that follow it.
      const last = over;
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) {
        if (last) break;
        await Promise.race([settled, delay(pollInterval)]);
        continue;
      }
      const lines = (rest + decoder.write(buffer.subarray(0, bytesRead))).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
    rest += decoder.end();
    if (rest !== "") yield rest;
  } finally {
    await file.close();
  }
}
