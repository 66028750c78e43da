import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";

/**
 * Reads the number of a flag.
 *
 * @throws DiagnosticError BAD_OPTION for anything but decimal digits between `least` and `most`
 */
export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new DiagnosticError({
    code: "BAD_OPTION",
    severity: "error",
    summary: `expected a whole number from ${least} to ${most} for ${flag}, found ${JSON.stringify(text)}`,
    nextStep: `Write for example ${flag} ${Math.max(least, 2)}.`,
  });
}
