import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { DiagnosticCode } from "../../diagnostics/codes.ts";
import type { Owner } from "../hypervisor.ts";

export function failure(code: DiagnosticCode, summary: string, nextStep: string): DiagnosticError {
  return new DiagnosticError({ code, severity: "error", summary, nextStep });
}

export function notFound(kind: string, id: string): DiagnosticError {
  return failure("OBJECT_NOT_FOUND", `the host has no ${kind} ${JSON.stringify(id)}`, "Run `terrarium list` to see what the host has.");
}

export function unsupported(what: string, nextStep: string): DiagnosticError {
  return failure("HYPERVISOR_UNSUPPORTED", `this host cannot do ${what}`, nextStep);
}

/** Refuses an object that somebody else has under the name. */
export function refuseStranger(kind: string, name: string, found: Owner | undefined, wanted: Owner): void {
  if (found?.deployment === wanted.deployment) return;
  const whose = found ? `lab ${JSON.stringify(found.lab)} (deployment ${found.deployment})` : "somebody who did not make it with Terrarium";
  throw failure(
    "STRANGER",
    `${kind} ${JSON.stringify(name)} exists and belongs to ${whose}, not to deployment ${wanted.deployment}`,
    "Rename one of them, or remove the other.",
  );
}

/** Refuses anything but a whole number of bytes. */
export function checkBytes(what: string, bytes: number): void {
  if (Number.isSafeInteger(bytes) && bytes > 0) return;
  throw failure("OUT_OF_RANGE", `${what} must be a whole number of bytes above 0, got ${bytes}`, "Give a size in whole bytes.");
}
