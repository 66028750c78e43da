import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Interrupts } from "../terraform/interrupts.ts";

/** What a command throws that was stopped before it had changed anything, or between two steps. */
export function interrupted(): DiagnosticError {
  return new DiagnosticError({
    code: "INTERRUPTED",
    severity: "error",
    summary: "interrupted",
    nextStep: "Run the same command again: it goes on from here.",
  });
}

/** Between two steps: nothing new is begun after an interrupt. @throws DiagnosticError INTERRUPTED */
export function throwIfInterrupted(interrupts: Interrupts | undefined): void {
  if (interrupts?.stop?.aborted || interrupts?.force?.aborted) throw interrupted();
}

/** Work that is given the stop signal ends with the signal's reason: that is no failure. */
export async function explainInterrupt<T>(interrupts: Interrupts | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (interrupts?.stop?.aborted && error instanceof Error && error.name === "AbortError") throw interrupted();
    throw error;
  }
}
