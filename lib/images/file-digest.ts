import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { isNodeError, replaceFile } from "./files.ts";
import type { OnImageProgress } from "./progress.ts";

export interface DigestOptions {
  /** Where sums are remembered, so that an unchanged file is read once. */
  readonly cacheDirectory: string;
  readonly onProgress?: OnImageProgress;
  readonly signal?: AbortSignal;
}

/**
 * SHA-256 (hex) of a file's content, read as a stream. Remembered in `<cacheDirectory>/digests/` by path, size, times and inode.
 *
 * @throws DiagnosticError IMAGE_NOT_FOUND if there is no such file, IMAGE_CHANGED_WHILE_READ if somebody writes to it
 */
export async function digestOfFile(path: string, { cacheDirectory, onProgress, signal }: DigestOptions): Promise<string> {
  const file = resolve(path);
  const before = await fingerprint(file);
  const record = join(cacheDirectory, "digests", `${createHash("sha256").update(file).digest("hex")}.json`);
  const remembered = await readRecord(record);
  if (remembered?.fingerprint === before.text) return remembered.sha256;

  const sha256 = await hashFile(file, before.size, onProgress, signal);
  const after = await fingerprint(file);
  if (after.text !== before.text) {
    throw new DiagnosticError({
      code: "IMAGE_CHANGED_WHILE_READ",
      severity: "error",
      summary: `${file} was written to while its checksum was taken`,
      nextStep: "Stop what writes to it (a running VM?), or copy it and use the copy.",
    });
  }
  // A file written a moment ago may change again without its times showing it: such a sum is not remembered.
  if (Date.now() - after.changedAt > 2000) {
    await mkdir(join(cacheDirectory, "digests"), { recursive: true });
    await replaceFile(record, JSON.stringify({ path: file, fingerprint: after.text, sha256 }));
  }
  return sha256;
}

/** SHA-256 (hex) of a file's content, nothing remembered. */
export async function hashFile(path: string, total?: number, onProgress?: OnImageProgress, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  let done = 0;
  await pipeline(
    createReadStream(path, { highWaterMark: 1024 * 1024 }),
    async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        hash.update(chunk);
        done += chunk.length;
        onProgress?.({ phase: "hashing", done, total });
      }
    },
    { signal },
  );
  return hash.digest("hex");
}

async function fingerprint(file: string): Promise<{ text: string; size: number; changedAt: number }> {
  try {
    const { size, mtimeNs, ctimeNs, ctimeMs, ino, dev } = await stat(file, { bigint: true });
    return { text: [size, mtimeNs, ctimeNs, ino, dev].join(":"), size: Number(size), changedAt: Number(ctimeMs) };
  } catch (error) {
    if (!isNodeError(error, "ENOENT", "ENOTDIR")) throw error;
    throw new DiagnosticError(
      {
        code: "IMAGE_NOT_FOUND",
        severity: "error",
        summary: `there is no image file ${file}`,
        nextStep: "Correct the path. Relative paths start at the lab file's folder.",
      },
      { cause: error },
    );
  }
}

async function readRecord(record: string): Promise<{ fingerprint: string; sha256: string } | undefined> {
  try {
    return JSON.parse(await readFile(record, "utf8")) as { fingerprint: string; sha256: string };
  } catch (error) {
    // No record, or one that a full disk cut short: the sum is taken again.
    if (isNodeError(error, "ENOENT") || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
