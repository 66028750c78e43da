import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { ProgramResult } from "../hypervisor/program.ts";

/** A step of an embedded host's start that failed, with the program's own words. */
export function hostFailure(summary: string, result?: Pick<ProgramResult, "stdout" | "stderr" | "timedOut" | "missing">): DiagnosticError {
  const words = result ? [result.stderr.trim(), result.stdout.trim()].filter(Boolean).join("\n") : "";
  const reason = result?.missing ? " (no such program)" : result?.timedOut ? " (it took too long)" : "";
  return new DiagnosticError({
    code: "HOST_START_FAILED",
    severity: "error",
    summary: `${summary}${reason}`,
    ...(words ? { detail: words.split("\n").slice(-12).join("\n") } : {}),
    nextStep: "Try again: the next start repairs what this one left.",
  });
}
