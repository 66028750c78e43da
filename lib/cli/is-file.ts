import { stat } from "node:fs/promises";
import { isNodeError } from "../images/files.ts";

/** True for a regular file, also behind a link. */
export async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (isNodeError(error, "ENOENT", "ENOTDIR")) return false;
    throw error;
  }
}
