import type { Schema } from "../../../schemas/lab/value.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Path } from "../path.ts";
import { expected, found, list, quote, typeOf, typesOf } from "./describe.ts";
import { explainChoice } from "./explain-choice.ts";
import { explainKeys, explainKeyRules } from "./explain-keys.ts";
import { explainText } from "./explain-text.ts";
import { fits, resolve } from "./rule.ts";
import { suggestDuration, suggestSize, suggestType } from "./suggest.ts";

/**
 * Says what is wrong with a value that the validator refused: one diagnostic per fault. A validator's own errors cannot be told to people: for one bad value
 * in a choice of three it has seven. This walks the same schema and knows which choice was meant.
 *
 * @returns an empty array for a value that fits
 */
export function explain(schema: Schema, value: unknown, path: Path = []): Diagnostic[] {
  const rule = resolve(schema);
  const choice = explainChoice(rule, value, path, explain);
  if (choice) return choice;
  const types = typesOf(rule);
  if (types.length > 0 && !types.some((type) => fits(type, value))) return [wrongType(rule, value, path)];
  return [...explainScalar(rule, value, path), ...explainList(rule, value, path), ...explainMap(rule, value, path)];
}

function wrongType(rule: Schema, value: unknown, path: Path): Diagnostic {
  const summary = `expected ${expected(rule)}, found ${found(value)}`;
  const title = rule["title"];
  if (title === "Size" || title === "Duration") {
    const near = typeof value === "number" ? (title === "Size" ? suggestSize(value) : suggestDuration(value)) : undefined;
    const nextStep = near === undefined ? `Write it as text, for example "${example(rule)}".` : `Write the unit: "${near}".`;
    return { code: title === "Size" ? "BAD_SIZE" : "BAD_DURATION", severity: "error", path, summary, nextStep };
  }
  const nextStep = suggestType(value, typesOf(rule)) ?? `Write ${expected(rule)} here.`;
  return { code: "WRONG_TYPE", severity: "error", path, summary, nextStep };
}

function example(rule: Schema): string {
  return (rule["examples"] as string[] | undefined)?.[0] ?? "";
}

function explainScalar(rule: Schema, value: unknown, path: Path): Diagnostic[] {
  const allowed = rule["enum"];
  if (Array.isArray(allowed) && !allowed.includes(value)) return [notAllowed(allowed, value, path)];
  const { minimum, maximum } = rule;
  if (typeof value === "number" && (value < Number(minimum ?? value) || value > Number(maximum ?? value))) {
    const summary = `expected ${expected(rule)}, found ${value}`;
    const nextStep = `Choose ${value < Number(minimum) ? `at least ${String(minimum)}` : `at most ${String(maximum)}`}.`;
    return [{ code: "OUT_OF_RANGE", severity: "error", path, summary, nextStep }];
  }
  return typeof value === "string" ? explainText(rule, value, path) : [];
}

function notAllowed(allowed: readonly unknown[], value: unknown, path: Path): Diagnostic {
  const words = allowed.map((word) => JSON.stringify(word));
  const near = typeof value === "string" ? allowed.find((word) => String(word).toLowerCase() === value.toLowerCase()) : undefined;
  return {
    code: "NOT_ALLOWED_VALUE",
    severity: "error",
    path,
    summary: `expected ${list(words)}, found ${found(value)}`,
    nextStep: near === undefined ? `Write ${list(words)}.` : `Write ${JSON.stringify(near)}.`,
  };
}

function explainList(rule: Schema, value: unknown, path: Path): Diagnostic[] {
  if (!Array.isArray(value)) return [];
  const items: readonly unknown[] = value;
  const diagnostics: Diagnostic[] = [];
  if (items.length < Number(rule["minItems"] ?? 0)) {
    const summary = "expected a list with at least one item, found an empty one";
    diagnostics.push({ code: "OUT_OF_RANGE", severity: "error", path, summary, nextStep: "Put something into it, or leave the key out." });
  }
  if (rule["uniqueItems"] === true) {
    items.forEach((item, index) => {
      if (items.indexOf(item) === index) return;
      const summary = `found ${typeof item === "string" ? quote(item) : found(item)} twice in the list`;
      diagnostics.push({ code: "DUPLICATE_ITEM", severity: "error", path: [...path, index], summary, nextStep: "Remove one." });
    });
  }
  const itemSchema = rule["items"] as Schema | undefined;
  return itemSchema ? [...diagnostics, ...items.flatMap((item, index) => explain(itemSchema, item, [...path, index]))] : diagnostics;
}

function explainMap(rule: Schema, value: unknown, path: Path): Diagnostic[] {
  if (typeOf(value) !== "object") return [];
  const map = value as Readonly<Record<string, unknown>>;
  const properties = (rule["properties"] ?? {}) as Readonly<Record<string, Schema>>;
  const further = rule["additionalProperties"];
  const names = rule["propertyNames"] as Schema | undefined;
  const diagnostics = [...explainKeyRules(rule, map, path), ...explainKeys(rule, map, path)];
  for (const [key, part] of Object.entries(map)) {
    const below = [...path, key];
    if (names) diagnostics.push(...explain(names, key, below));
    const schema = Object.hasOwn(properties, key) ? properties[key] : typeof further === "object" ? (further as Schema) : undefined;
    if (schema) diagnostics.push(...explain(schema, part, below));
  }
  return diagnostics;
}
