import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/**
 * Makes the remedy for text that YAML read as a number exact: `0644` is the number 644 in YAML 1.2 and `1.10` is 1.1, so the quoted form has to come from the
 * file, not from the value.
 */
export function withWrittenForm(diagnostic: Diagnostic): Diagnostic {
  const { code, nextStep, source } = diagnostic;
  if (code !== "WRONG_TYPE" || !source || !nextStep?.startsWith("Put it in quotes: ")) return diagnostic;
  const written = source.text.slice(source.column - 1, source.column - 1 + source.length);
  if (!/^[-+.\w]+$/.test(written) || nextStep.includes(`"${written}"`)) return diagnostic;
  return { ...diagnostic, nextStep: `Put it in quotes: "${written}". Without them YAML 1.2 reads a number and drops its zeros.` };
}
