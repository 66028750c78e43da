import { createReadStream, createWriteStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { diskFull } from "./disk-full.ts";
import { isNodeError } from "./files.ts";
import type { Compression } from "./image-format.ts";
import type { OnImageProgress } from "./progress.ts";
import { lastWords, requirePrograms, run } from "./programs.ts";

interface UnpackOptions {
  readonly onProgress?: OnImageProgress;
  readonly signal?: AbortSignal;
}

/**
 * Unpacks a compressed image: gzip by Node, xz by the `xz` program.
 *
 * @throws DiagnosticError IMAGE_DAMAGED if it cannot be unpacked, DISK_FULL; `to` does not exist then
 */
export async function unpack(from: string, compression: Compression, to: string, { onProgress, signal }: UnpackOptions): Promise<void> {
  if (compression === "xz") await requirePrograms(["xz"], "unpacking an .xz image");
  onProgress?.({ phase: "unpacking", step: compression });
  try {
    await (compression === "gzip" ? gunzip(from, to, { onProgress, signal }) : unxz(from, to, signal));
  } catch (error) {
    await rm(to, { force: true });
    signal?.throwIfAborted();
    const said = lastWords(error) ?? String(error);
    if (isNodeError(error, "ENOSPC", "EDQUOT") || /No space left on device|Disk quota exceeded/.test(said)) {
      throw diskFull(dirname(to), undefined, error);
    }
    throw new DiagnosticError(
      {
        code: "IMAGE_DAMAGED",
        severity: "error",
        summary: `${from} looks like a ${compression} file but cannot be unpacked`,
        detail: said,
        nextStep: "Copy or download it again.",
      },
      { cause: error },
    );
  }
}

async function gunzip(from: string, to: string, { onProgress, signal }: UnpackOptions): Promise<void> {
  const { size: total } = await stat(from);
  let done = 0;
  const source = createReadStream(from, { highWaterMark: 1024 * 1024 });
  source.on("data", (chunk) => {
    done += chunk.length;
    onProgress?.({ phase: "unpacking", step: "gzip", done, total });
  });
  await pipeline(source, createGunzip(), createWriteStream(to), { signal });
}

async function unxz(from: string, to: string, signal?: AbortSignal): Promise<void> {
  await run("xz", ["--decompress", "--stdout", "--", from], { stdout: { file: to }, buffer: false, cancelSignal: signal });
}
