import type { ErrorCode, YAMLError } from "yaml";
import type { Diagnostic, SourceRange } from "../diagnostics/diagnostic.ts";

/** What is said about one error of the `yaml` package. */
export type Wording = Pick<Diagnostic, "code" | "summary" | "nextStep"> & { readonly source: SourceRange };

/** A mistake that people make often, recognized by the line it stands on; undefined: not this one. */
type Rule = (error: YAMLError, range: SourceRange) => Wording | undefined;

const tab: Rule = ({ code }, range) => {
  const indented = /^ *(\t+)/.exec(range.text)?.[1];
  if (code !== "TAB_AS_INDENT" && indented === undefined) return undefined;
  const source = indented === undefined ? range : { ...range, column: range.text.indexOf("\t") + 1, length: indented.length };
  return { code: "YAML_TAB", summary: "expected spaces as indentation, found a tab", nextStep: "Indent with spaces.", source };
};

const key: Rule = ({ code }, source) =>
  code === "NON_STRING_KEY"
    ? {
        code: "YAML_KEY",
        summary: "expected text as a key, found a list, a map or an alias",
        nextStep: "Write the key as text, in quotes where it starts with [ or {.",
        source,
      }
    : undefined;

const reference: Rule = (_, range) => {
  const written = /^\{(?:var|each|env|file):[^}]*\}/.exec(range.text.slice(range.column - 1))?.[0];
  if (written === undefined || range.text[range.column - 2] !== "$") return undefined;
  return {
    code: "YAML_SYNTAX",
    summary: `found $${written} without quotes inside { } or [ ], where its braces are a map`,
    nextStep: `Put it in quotes: "$${written}".`,
    source: { ...range, column: range.column - 1, length: written.length + 1 },
  };
};

const spaceAfterColon: Rule = ({ code }, range) => {
  const match = /^( *)([A-Za-z_][\w-]*):(?=\S)/.exec(range.text);
  if (code !== "MULTILINE_IMPLICIT_KEY" || !match) return undefined;
  const [whole, indent = "", name = ""] = match;
  return {
    code: "YAML_SYNTAX",
    summary: `expected a space after the colon of "${name}"`,
    nextStep: `Write ${name}: ${range.text.slice(whole.length)}`,
    source: { ...range, column: indent.length + 1, length: name.length + 1 },
  };
};

const column: Rule = ({ code, message }, range) => {
  if (code !== "BAD_INDENT" || !message.startsWith("All ")) return undefined;
  const indent = /^ */.exec(range.text)?.[0].length ?? 0;
  return {
    code: "YAML_SYNTAX",
    summary: `expected the ${message.includes("sequence") ? "items of one list" : "keys of one map"} in the same column, found column ${indent + 1}`,
    nextStep: "Give lines that belong together the same indentation.",
    source: { ...range, column: indent + 1, length: range.text.trimEnd().length - indent },
  };
};

const open: Rule = ({ message }, source) => {
  const mark = /end with a ([\]}])$/.exec(message)?.[1] ?? /^Missing closing (["'])/.exec(message)?.[1];
  if (mark === undefined) return undefined;
  const noun = { "]": "list", "}": "map" }[mark] ?? "text";
  return {
    code: "YAML_SYNTAX",
    summary: `expected a closing ${mark}: the ${noun} that begins above, or on this line, has no end`,
    nextStep: `Close it with ${mark}${noun === "text" ? "." : ", or indent the lines that belong to it."}`,
    source,
  };
};

const rules: readonly Rule[] = [tab, key, reference, spaceAfterColon, column, open];

/** What to do, where the package's own words are kept. */
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
  MULTILINE_IMPLICIT_KEY: 'Write the key on one line, followed by ":" and a space; perhaps the line before lacks its colon.',
  UNEXPECTED_TOKEN: "Remove it, or put the text in quotes if it is meant as text.",
};

/** Says an error of the package in our words, or in its own with a remedy. */
export function wordingOf(error: YAMLError, range: SourceRange): Wording {
  for (const rule of rules) {
    const wording = rule(error, range);
    if (wording) return wording;
  }
  const code = error.code === "BAD_ALIAS" ? "YAML_ALIAS" : error.code === "TAG_RESOLVE_FAILED" ? "YAML_TAG" : "YAML_SYNTAX";
  const summary = error.message.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
  return { code, summary, nextStep: nextSteps[error.code] ?? "Check the punctuation and the quotes on this line.", source: range };
}
