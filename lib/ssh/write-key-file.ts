import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";

/**
 * Writes a file that only its owner may read (mode 0600), whole or not at all: readers see the old content or the new, also after
 * a crash. The folder must exist. For private keys; `known_hosts` and ssh_config may be written with it, too.
 *
 * @throws DiagnosticError `KEY_FILE_NOT_WRITTEN`; nothing is left beside the file then
 */
export async function writeKeyFile(path: string, text: string): Promise<void> {
  try {
    await replaceFile(path, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DiagnosticError(
      {
        code: "KEY_FILE_NOT_WRITTEN",
        severity: "error",
        summary: `expected to write ${path}, but: ${reason}`,
        nextStep: "Make sure that the folder exists, belongs to you and that the disk is not full.",
      },
      { cause: error },
    );
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${randomBytes(6).toString("hex")}`;
  const file = await open(unfinished, "wx", 0o600);
  try {
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
