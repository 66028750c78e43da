import type { Diagnostic } from "../../lib/diagnostics/diagnostic.ts";
import { parseLabFile, type LabFileInput } from "../../lib/labfile/parse-lab-file.ts";

/** What is wrong with a text, as `line:column CODE`, with the marked part of the line. */
export function faultsOf(text: string, variables?: LabFileInput["variables"]): string[] {
  return parseLabFile({ file: "lab.yaml", text, variables }).diagnostics.map(oneLine);
}

/** The remedies, in order. */
export function remediesOf(text: string): (string | undefined)[] {
  return parseLabFile({ file: "lab.yaml", text }).diagnostics.map(({ nextStep }) => nextStep);
}

/** The lab of a text without faults. */
export function writtenOf(text: string, variables?: LabFileInput["variables"]): unknown {
  const { value, diagnostics } = parseLabFile({ file: "lab.yaml", text, variables });
  if (!value) throw new Error(`Expected a valid lab, got ${diagnostics.map(oneLine).join("; ")}`);
  return value.written;
}

function oneLine({ code, source }: Diagnostic): string {
  if (!source) return code;
  const { line, column, length, text } = source;
  return `${line}:${column} ${code} ${text.slice(column - 1, column - 1 + length)}`.trimEnd();
}
