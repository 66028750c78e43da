import type { Diagnostic } from "../lib/diagnostics/diagnostic.ts";

/** A diagnostic as CDK for Terraform prints it: one text with place, code, what is wrong and the way out. */
export function validationMessage({ code, summary, nextStep, constructPath, source }: Diagnostic): string {
  const place = source ? ` (${source.file}:${source.line}:${source.column})` : "";
  return `[${constructPath}] ${code}: ${summary}${place}${nextStep === undefined ? "" : `\n    ${nextStep}`}`;
}
