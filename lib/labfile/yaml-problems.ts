import type { YAMLError } from "yaml";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText } from "../diagnostics/source-text.ts";
import { wordingOf } from "./yaml-wording.ts";

/** After so many the rest is only the echo of the first ones. */
const most = 20;

/** What the `yaml` package found, one per line of the file, in our form. */
export function problemsOf(errors: readonly YAMLError[], source: SourceText): Diagnostic[] {
  const seen = new Set<number>();
  const problems: Diagnostic[] = [];
  for (const error of errors.toSorted((one, other) => one.pos[0] - other.pos[0])) {
    const [start, end] = error.pos;
    const range = source.range(start, end);
    // At the end of the file, and on blank lines, the mistake is before.
    const shown = seen.size < most && range.text.trim() === "" ? source.range(endOfText(source.text, start), start) : range;
    if (seen.has(shown.line)) continue;
    seen.add(shown.line);
    if (seen.size <= most) problems.push({ severity: "error", ...wordingOf(error, shown) });
  }
  const last = problems.at(-1);
  if (last && seen.size > most) problems[most - 1] = { ...last, detail: `${seen.size - most} more lines have errors like this.` };
  return problems;
}

/** Where the last character before an offset stands that is no white space. */
function endOfText(text: string, offset: number): number {
  let end = offset;
  while (end > 0 && /\s/.test(text[end - 1] ?? "")) end--;
  return Math.max(0, end - 1);
}
