import type { Schema } from "../../../schemas/lab/value.ts";
import { parseText } from "../text.ts";
import { resolve } from "../written/rule.ts";
import type { Path, Report } from "../path.ts";
import { readBoolean, readInteger, readText } from "./read-value.ts";

/** Makes the place of a part of the value. */
export type PlaceOf = (...path: Path) => Path;

/**
 * Reads a value by its schema: texts become `Text`, and what `${each:…}` filled in is checked. Keys without a value are left out, nothing is added.
 *
 * Reports `INVALID_VALUE`.
 */
export function readSetting(value: unknown, schema: Schema, at: PlaceOf, report: Report): unknown {
  const rule = alternative(resolve(schema), value);
  if (rule["type"] === "boolean") return readBoolean(value, at, report);
  if (rule["type"] === "integer") return readInteger(value, Number(rule["minimum"]), Number(rule["maximum"]), at, report);
  if (rule["type"] === "array" && Array.isArray(value)) {
    return value.map((item, index) => readSetting(item, rule["items"] as Schema, inside(at, index), report));
  }
  if (rule["type"] === "object" && typeof value === "object" && value !== null) {
    const keys = (rule["properties"] ?? {}) as Readonly<Record<string, Schema>>;
    const entries = Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .map(([key, part]) => [key, readSetting(part, keys[key] ?? (rule["additionalProperties"] as Schema), inside(at, key), report)]);
    return Object.fromEntries(entries);
  }
  const choices = rule["enum"];
  if (Array.isArray(choices)) return readChoice(value, choices, at, report);
  const text = readText(value, at, report);
  return text === undefined ? undefined : parseText(text);
}

function inside(at: PlaceOf, step: string | number): PlaceOf {
  return (...path) => at(step, ...path);
}

/** Of several forms the one that the value has; a reference is no form of its own, it was replaced before. */
function alternative(schema: Schema, value: unknown): Schema {
  const forms = schema["anyOf"];
  if (!Array.isArray(forms)) return schema;
  const wanted = Array.isArray(value) ? "array" : "string";
  const [first = {}, ...others] = forms.map((form) => resolve(form as Schema));
  if (first["type"] === "boolean" || first["type"] === "integer") return first;
  return [first, ...others].find((form) => form["type"] === wanted) ?? first;
}

function readChoice(value: unknown, choices: readonly unknown[], at: PlaceOf, report: Report): unknown {
  if (choices.includes(value)) return value;
  report({
    code: "INVALID_VALUE",
    severity: "error",
    path: at(),
    summary: `expected one of ${choices.join(", ")}, found ${JSON.stringify(value)}`,
    nextStep: "Write one of these.",
  });
  return undefined;
}
