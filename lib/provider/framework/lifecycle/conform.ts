import type { Attribute, Attributes } from "../attribute.ts";
import { exactNumber } from "../decimal.ts";
import { errorAt, type AttributePath, type Problem } from "../problem.ts";
import { attributeType, cell, type Row } from "../schema-type.ts";
import { BigNumber, Dynamic, isUnknown, Unknown, type CtyType, type Value } from "../value.ts";

/** A row as Terraform takes it, and what was wrong with it before. */
export interface Completed {
  readonly row: Row;
  readonly problems: readonly Problem[];
}

/**
 * Makes what a handler returned a value of the schema: what it left out comes from `fallback` (plan or state), write-only attributes
 * are null, and so is what is unknown. Never fails: a bad value would cost the whole state, so it is reported and replaced.
 */
export function complete(attributes: Attributes, given: Readonly<Record<string, unknown>>, fallback: Row | null): Completed {
  const problems: Problem[] = Object.keys(given)
    .filter((name) => !Object.hasOwn(attributes, name))
    .map((name) => bug([], `it has an attribute "${name}", which the schema does not have`));
  const row = Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => {
      const instead = known(cell(fallback, name));
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (attribute.writeOnly || value === undefined) return [name, attribute.writeOnly ? null : instead];
      const found: Problem[] = [];
      const conforming = conform(attributeType(attribute), value, [name], found);
      problems.push(...found);
      return [name, withoutWriteOnly(attribute, found.length > 0 ? instead : conforming)];
    }),
  );
  return { row, problems };
}

/** The value as one of the type: numbers in their one form, what a nested object lacks as null. */
export function conform(type: CtyType, value: unknown, path: AttributePath, problems: Problem[]): Value {
  const wrong = (wanted: string): Value => {
    problems.push(bug(path, `expected ${wanted}, got ${describe(value)}`));
    return null;
  };
  if (value === null || value === undefined) return null;
  if (value instanceof Unknown) return wrong("a value");
  if (type === "string") return typeof value === "string" ? value : wrong("text");
  if (type === "bool") return typeof value === "boolean" ? value : wrong("a boolean");
  if (type === "number") {
    if (value instanceof BigNumber) return exactNumber(value.text);
    return typeof value === "number" && Number.isFinite(value) ? exactNumber(String(value)) : wrong("a finite number");
  }
  if (type === "dynamic") {
    return value instanceof Dynamic ? new Dynamic(value.type, conform(value.type, value.value, path, problems)) : wrong("a Dynamic");
  }
  if (type[0] === "list" || type[0] === "set" || type[0] === "tuple") {
    if (!Array.isArray(value)) return wrong(type[0] === "tuple" ? "an array" : `an array for a ${type[0]}`);
    if (type[0] === "tuple" && value.length !== type[1].length) return wrong(`${type[1].length} items`);
    return value.map((item, index) =>
      conform(type[0] === "tuple" ? (type[1][index] ?? "dynamic") : type[1], item, [...path, index], problems),
    );
  }
  if (typeof value !== "object" || Array.isArray(value) || value instanceof BigNumber || value instanceof Dynamic)
    return wrong("an object");
  const given = value as Readonly<Record<string, unknown>>;
  if (type[0] !== "object") {
    return Object.fromEntries(Object.entries(given).map(([key, item]) => [key, conform(type[1], item, [...path, key], problems)]));
  }
  const extra = Object.keys(given).find((key) => !Object.hasOwn(type[1], key));
  if (extra !== undefined) return wrong(`no attribute "${extra}"`);
  return Object.fromEntries(
    Object.entries(type[1]).map(([key, of]) => [key, conform(of, Object.hasOwn(given, key) ? given[key] : null, [...path, key], problems)]),
  );
}

/** Nested write-only values must not reach a state either. */
export function withoutWriteOnly(attribute: Attribute, value: Value): Value {
  if (attribute.writeOnly) return null;
  const { nested } = attribute;
  if (!nested || value === null || isUnknown(value)) return value;
  const element = (item: Value): Value =>
    item === null || isUnknown(item)
      ? item
      : Object.fromEntries(Object.entries(nested.attributes).map(([name, inner]) => [name, withoutWriteOnly(inner, cell(item, name))]));
  if (nested.nesting === "single") return element(value);
  if (Array.isArray(value)) return (value as readonly Value[]).map(element);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, element(item as Value)]));
}

function known(value: Value): Value {
  if (isUnknown(value)) return null;
  if (value === null || typeof value !== "object" || value instanceof BigNumber) return value;
  if (value instanceof Dynamic) return new Dynamic(value.type, known(value.value));
  if (Array.isArray(value)) return (value as readonly Value[]).map(known);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, known(item)]));
}

function bug(path: AttributePath, what: string): Problem {
  return errorAt(
    path,
    `The provider returned a value that its schema does not allow: ${what}`,
    "This is a bug in the provider, please report it.",
  );
}

function describe(value: unknown): string {
  if (value instanceof Unknown) return "an unknown value";
  if (Array.isArray(value)) return "an array";
  return typeof value === "number" ? String(value) : `a value of type ${typeof value}`;
}
