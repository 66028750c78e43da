import { diagnosticCodes, type DiagnosticCode } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { RawDiagnostic } from "./raw-diagnostic.ts";

/**
 * Reads a diagnostic of our own provider back: it puts the next step and the code on the last lines of the detail.
 *
 * @example "the disk is in use\n→ Stop web first.\n(IN_USE)"
 * @returns undefined for what somebody else said
 */
export function ownDiagnostic({ severity, summary, detail }: RawDiagnostic): Diagnostic | undefined {
  const lines = detail.trimEnd().split("\n");
  const code = /^\(([A-Z][A-Z0-9_]+)\)$/.exec(lines.at(-1) ?? "")?.[1];
  if (code === undefined || !isCode(code)) return undefined;
  const rest = lines.slice(0, -1);
  const nextStep = rest.at(-1)?.replace(/^→ /, "");
  const more = rest.slice(0, -1).join("\n");
  return { code, severity, summary, ...(more !== "" && { detail: more }), ...(nextStep !== undefined && { nextStep }) };
}

function isCode(text: string): text is DiagnosticCode {
  return Object.hasOwn(diagnosticCodes, text);
}
