import { dirname } from "node:path";
import pRetry, { AbortError } from "p-retry";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { Duration } from "../units/duration.ts";
import { diskFull } from "./disk-full.ts";
import { downloadOnce, HttpStatusError } from "./download-once.ts";
import type { DownloadOptions } from "./download-options.ts";
import { DownloadPart } from "./download-part.ts";
import { isNodeError } from "./files.ts";

/**
 * Downloads a file whose checksum is known. An interrupted download stays as `<target>.part` and is resumed by the next call, if the server
 * still has the same file (ETag or Last-Modified); what is returned has the expected checksum. `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY` count.
 *
 * @returns the path of the verified file, still under its partial name: the caller gives it its final one, then calls `forget` on its part
 * @throws DiagnosticError IMAGE_DOWNLOAD_FAILED, IMAGE_CHECKSUM_MISMATCH, DISK_FULL. After the last two nothing is left of the download.
 */
export async function download(url: string, sha256: string, target: string, options: DownloadOptions = {}): Promise<string> {
  const { signal, onProgress, retries = 5, retryDelay = Duration.seconds(1) } = options;
  const part = new DownloadPart(target);
  let resumed = false;
  let sizeBefore = 0;

  const attempt = async (): Promise<string> => {
    sizeBefore = await part.size();
    try {
      const result = await downloadOnce(url, part, options);
      resumed ||= result.resumed;
      return result.sha256;
    } catch (error) {
      // Only what may pass by itself is tried again.
      if (isPermanent(error)) throw new AbortError(error instanceof Error ? error : String(error));
      throw error instanceof Error ? new Error(error.message, { cause: error }) : error;
    }
  };
  const fetchAll = (): Promise<string> =>
    pRetry(attempt, {
      retries,
      minTimeout: retryDelay.milliseconds,
      maxTimeout: Math.max(30_000, retryDelay.milliseconds),
      signal,
      shouldConsumeRetry: async () => (await part.size()) - sizeBefore < 1024 ** 2,
      onFailedAttempt: ({ error, retriesLeft }) => {
        if (retriesLeft > 0) onProgress?.({ phase: "retrying", step: reason(error) });
      },
    });

  try {
    let found = await fetchAll();
    if (found !== sha256 && resumed) {
      // The two halves may be of two files, from a server whose validators say nothing. Once more, from the start.
      onProgress?.({ phase: "retrying", step: "the resumed download has another checksum" });
      await part.remove();
      resumed = false;
      found = await fetchAll();
    }
    if (found === sha256) return part.path;
    await part.remove();
    throw checksumMismatch(url, sha256, found);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof DiagnosticError) throw error;
    if (isNodeError(error, "ENOSPC", "EDQUOT")) {
      await part.remove();
      throw diskFull(dirname(target), undefined, error);
    }
    throw downloadFailed(url, error);
  }
}

/** Forgets how a finished download came about, once it has its final name. */
export async function forgetDownload(target: string): Promise<void> {
  await new DownloadPart(target).forget();
}

function isPermanent(error: unknown): boolean {
  if (error instanceof DiagnosticError) return true;
  if (error instanceof HttpStatusError) return error.status < 500 && ![408, 425, 429].includes(error.status);
  return isNodeError(error, "ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "EISDIR", "ERR_TLS_CERT_ALTNAME_INVALID", "CERT_HAS_EXPIRED");
}

/** The innermost message: fetch itself only says "fetch failed". */
function reason(error: unknown): string {
  let current = error;
  while (current instanceof Error && current.cause instanceof Error) current = current.cause;
  if (!(current instanceof Error)) return String(current);
  return current.message === "" && "code" in current ? String(current.code) : current.message;
}

function checksumMismatch(url: string, expected: string, found: string): DiagnosticError {
  return new DiagnosticError({
    code: "IMAGE_CHECKSUM_MISMATCH",
    severity: "error",
    summary: `${displayUrl(url)} does not have the declared checksum`,
    detail: `expected sha256 ${expected}\nfound    sha256 ${found}`,
    nextStep: "Compare with the publisher's SHA256SUMS. A publisher that replaces files in place needs an address with a version in it.",
  });
}

function downloadFailed(url: string, error: unknown): DiagnosticError {
  return new DiagnosticError(
    {
      code: "IMAGE_DOWNLOAD_FAILED",
      severity: "error",
      summary: `cannot download ${displayUrl(url)}: ${reason(error)}`,
      nextStep: "Check the address and the network (HTTPS_PROXY?), then run the same command again: it goes on where it stopped.",
    },
    { cause: error },
  );
}

/** The address without a password in it. */
function displayUrl(url: string): string {
  const shown = new URL(url);
  if (shown.password !== "") shown.password = "***";
  return shown.href;
}
