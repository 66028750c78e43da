import { readFile } from "node:fs/promises";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";

/**
 * Reads a text file that the user named.
 *
 * @param shown the name as the user wrote it
 * @throws DiagnosticError LAB_FILE_MISSING, FILE_UNREADABLE
 */
export async function readLabText(path: string, shown: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") {
      throw new DiagnosticError(
        {
          code: "LAB_FILE_MISSING",
          severity: "error",
          summary: `there is no file ${shown}`,
          nextStep: "Name the file (`-f FILE`), or make a first one: `terrarium init`.",
        },
        { cause: error },
      );
    }
    throw new DiagnosticError(
      {
        code: "FILE_UNREADABLE",
        severity: "error",
        summary: `${shown} cannot be read (${String(code)})`,
        nextStep: code === "EISDIR" ? "Name a file, not a folder." : "Check its permissions.",
      },
      { cause: error },
    );
  }
}
