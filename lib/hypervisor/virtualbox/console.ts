import { open } from "node:fs/promises";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { isMissing } from "./files.ts";
import type { VirtualBox } from "./host.ts";
import { requireMachine } from "./list-sandboxes.ts";

/** Reads the end of the file that the first serial port writes to. */
export async function readConsoleTail(box: VirtualBox, id: string, maxBytes: number): Promise<Buffer> {
  const { machine } = await requireMachine(box, id);
  if (machine.consoleLog === undefined) {
    throw new DiagnosticError({
      code: "CONSOLE_UNREADABLE",
      severity: "error",
      summary: `sandbox ${machine.name} has no console log`,
      nextStep: "`terrarium apply` gives it one: its first serial port, written to a file.",
    });
  }
  try {
    const file = await open(machine.consoleLog, "r");
    try {
      const { size } = await file.stat();
      const buffer = Buffer.alloc(Math.min(size, maxBytes));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, size - buffer.length);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    // Made at the first start.
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  }
}
