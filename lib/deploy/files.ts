import { readFile, rm } from "node:fs/promises";
import writeFileAtomic from "write-file-atomic";

/** True for the error of a file or folder that is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** The file's text; undefined if there is none. */
export async function readTextIfAny(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Writes a file that only its owner reads, whole or not at all. */
export async function writePrivate(path: string, content: string | Uint8Array): Promise<void> {
  await writeFileAtomic(path, Buffer.from(content), { mode: 0o600 });
}

export async function removeIfAny(path: string): Promise<void> {
  await rm(path, { force: true });
}
