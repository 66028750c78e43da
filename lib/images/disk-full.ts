import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { isNodeError } from "./files.ts";
import { Size } from "../units/size.ts";
import { statfs } from "node:fs/promises";

/** The error of a full disk in place of the system's, any other error as it is. */
export function explainDiskFull(error: unknown, directory: string): unknown {
  return isNodeError(error, "ENOSPC", "EDQUOT") ? diskFull(directory, undefined, error) : error;
}

/**
 * Refuses to start what cannot end.
 *
 * @throws DiagnosticError DISK_FULL if less than `bytes` are free for us in `directory`
 */
export async function requireSpace(directory: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  if (free < bytes) throw diskFull(directory, `needs ${mebibytes(bytes)}, ${mebibytes(free)} are free`);
}

export function diskFull(directory: string, detail?: string, cause?: unknown): DiagnosticError {
  return new DiagnosticError(
    {
      code: "DISK_FULL",
      severity: "error",
      summary: `no space left for the image in ${directory}${detail === undefined ? "" : `: it ${detail}`}`,
      nextStep: "Free space there (terrarium images prune), or put the cache on another disk. What was half written is removed.",
    },
    { cause },
  );
}

function mebibytes(bytes: number): string {
  return Size.mebibytes(Math.floor(bytes / 1024 ** 2)).toString();
}
