import type { Checked, Diagnostic } from "../diagnostics/diagnostic.ts";
import { found, quote } from "../lab/written/describe.ts";
import { checkText } from "./check-text.ts";
import { locateIn } from "./locate.ts";
import { readYaml } from "./read-yaml.ts";
import { SourceText } from "../diagnostics/source-text.ts";
import type { Variables, VariableValue } from "./variables.ts";
import { plainValue } from "./yaml-value.ts";

const nameForm = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Reads the values of `--var`. `2` becomes a number and `true` a boolean where that is exactly how they print (`1.10`, `007`, `1e3`, `yes` stay text); where the
 * lab wants text, `parseLabFile` makes such a value text again. A name given twice takes the last value.
 *
 * @param assignments each `NAME=VALUE`; the value may be empty and may hold `=`
 * @example parseVariables(["size=2GiB", "copies=3"]).value // { size: "2GiB", copies: 3 }
 */
export function parseVariables(assignments: readonly string[]): Checked<Variables> {
  const diagnostics: Diagnostic[] = [];
  const values = new Map<string, VariableValue>();
  for (const assignment of assignments) {
    const equals = assignment.indexOf("=");
    const name = assignment.slice(0, equals);
    if (equals === -1)
      diagnostics.push(bad(`expected NAME=VALUE, found ${quote(assignment)}`, `Pass it as --var ${quote(`${assignment}=VALUE`)}.`));
    else if (!isVariableName(name)) diagnostics.push(badName(name));
    else values.set(name, typedValue(assignment.slice(equals + 1)));
  }
  return diagnostics.length > 0 ? { diagnostics } : { value: Object.fromEntries(values), diagnostics };
}

/**
 * Reads a file of variables (`--var-file`): a YAML map of names and texts, numbers or booleans, with the YAML rules of a lab file.
 *
 * @param file its name in messages
 */
export function parseVariableFile({ file, text }: { readonly file: string; readonly text: string }): Checked<Variables> {
  const source = new SourceText(file, text);
  const unreadable = checkText(source);
  if (unreadable.length > 0) return { diagnostics: unreadable };
  const { root, diagnostics: syntax } = readYaml(source);
  if (syntax.length > 0) return { diagnostics: syntax };
  const start = source.range(0, 0);
  if (!root) return { diagnostics: [{ ...bad("expected a map of names and values, found nothing", "Write NAME: VALUE."), source: start }] };
  const { value, anchors, diagnostics: traps } = plainValue(root, source);
  const locate = locateIn(root, anchors, source);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return {
      diagnostics: [
        ...traps,
        { ...bad(`expected a map of names and values, found ${found(value)}`, "Write NAME: VALUE."), source: locate([]) },
      ],
    };
  }
  const diagnostics = [...traps];
  const values = new Map<string, VariableValue>();
  for (const [name, part] of Object.entries(value)) {
    if (!isVariableName(name)) diagnostics.push({ ...badName(name), source: locate([name], "key") });
    else if (isVariableValue(part)) values.set(name, part);
    else {
      const summary = `expected text, a number, true or false as the value of "${name}", found ${found(part)}`;
      diagnostics.push({ ...bad(summary, "A variable holds one value."), source: locate([name]) });
    }
  }
  return diagnostics.length > 0 ? { diagnostics } : { value: Object.fromEntries(values), diagnostics };
}

function isVariableName(name: string): boolean {
  return nameForm.test(name) && name !== "__proto__";
}

function isVariableValue(value: unknown): value is VariableValue {
  return ["string", "number", "boolean"].includes(typeof value);
}

function typedValue(text: string): VariableValue {
  if (text === "true" || text === "false") return text === "true";
  const number = Number(text);
  return text !== "" && Number.isFinite(number) && String(number) === text ? number : text;
}

function bad(summary: string, nextStep: string): Diagnostic {
  return { code: "BAD_VARIABLE", severity: "error", summary, nextStep };
}

function badName(name: string): Diagnostic {
  return bad(
    `expected a variable's name of letters, digits and underscores, found ${quote(name)}`,
    "Take a name that does not start with a digit and has no hyphen.",
  );
}
