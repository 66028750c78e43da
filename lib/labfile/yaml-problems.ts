import type { ErrorCode, YAMLError } from "yaml";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText } from "./source-text.ts";

/** After so many the rest is only the echo of the first ones. */
const most = 20;

/** What to do, where the package's message alone does not say it. */
const nextSteps: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: "An alias is *name, and &name marks what it repeats. Text that starts with * or & needs quotes.",
  BAD_DQ_ESCAPE: 'Inside double quotes a backslash starts an escape: write "\\\\", or use single quotes.',
  BAD_INDENT: "Indent the keys of one map by the same number of spaces.",
  BAD_PROP_ORDER: "Write the anchor or tag after the dash or colon.",
  BAD_SCALAR_START: "Put the text in quotes: ` and @ cannot start it.",
  BLOCK_AS_IMPLICIT_KEY: "Put the value in quotes if it holds a colon, or begin the map on a line of its own.",
  BLOCK_IN_FLOW: "Inside [ ] and { } use commas, not dashes and indentation.",
  KEY_OVER_1024_CHARS: "Shorten the key; perhaps a closing quote is missing before it.",
  MISSING_CHAR: "Look for a missing colon, quote, bracket or space here or just before.",
  MULTILINE_IMPLICIT_KEY: 'Write the key on one line, followed by ":"; perhaps the line before lacks its colon.',
  NON_STRING_KEY: "Write the key as text, in quotes where it starts with [ or {.",
  TAB_AS_INDENT: "Indent with spaces.",
  UNEXPECTED_TOKEN: "Remove it, or put the text in quotes if it is meant as text.",
};

/** What the `yaml` package found, one per line of the file, in our form. */
export function problemsOf(errors: readonly YAMLError[], source: SourceText): Diagnostic[] {
  const seen = new Set<number>();
  const problems: Diagnostic[] = [];
  for (const error of errors.toSorted((one, other) => one.pos[0] - other.pos[0])) {
    const range = source.range(error.pos[0], error.pos[1]);
    if (seen.has(range.line)) continue;
    seen.add(range.line);
    problems.push(problem(error, range));
  }
  const left = problems.length - most;
  const last = problems[most - 1];
  return last && left > 0 ? [...problems.slice(0, most - 1), { ...last, detail: `${left} more lines have errors like this.` }] : problems;
}

function problem(error: YAMLError, range: NonNullable<Diagnostic["source"]>): Diagnostic {
  const severity = "error";
  const tabbed = /^[ ]*\t/.test(range.text);
  if (error.code === "TAB_AS_INDENT" || tabbed) {
    const column = range.text.indexOf("\t") + 1;
    const source = tabbed ? { ...range, column, length: /\t+/.exec(range.text)?.[0].length ?? 1 } : range;
    return {
      code: "YAML_TAB",
      severity,
      summary: "expected spaces as indentation, found a tab",
      nextStep: nextSteps.TAB_AS_INDENT,
      source,
    };
  }
  if (error.code === "NON_STRING_KEY") {
    return {
      code: "YAML_KEY",
      severity,
      summary: "expected text as a key, found a list, a map or an alias",
      nextStep: nextSteps.NON_STRING_KEY,
      source: range,
    };
  }
  const code = error.code === "BAD_ALIAS" ? "YAML_ALIAS" : error.code === "TAG_RESOLVE_FAILED" ? "YAML_TAG" : "YAML_SYNTAX";
  const message = error.message.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
  return {
    code,
    severity,
    summary: message,
    nextStep: nextSteps[error.code] ?? "Check the punctuation and the quotes on this line.",
    source: range,
  };
}
