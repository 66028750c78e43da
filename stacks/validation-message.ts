import type { Diagnostic } from "../lib/diagnostics/diagnostic.ts";

/** A diagnostic as CDK for Terraform prints it: one text with place, code, what is wrong and the way out. */
export function validationMessage({ code, summary, nextStep, constructPath }: Diagnostic): string {
  return `[${constructPath}] ${code}: ${summary}${nextStep === undefined ? "" : `\n    ${nextStep}`}`;
}
