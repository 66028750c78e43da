import type { Schema } from "../../../schemas/lab/value.ts";

const longest = 40;

/** The JSON type of a value, in the schema's words. */
export function typeOf(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

/** A found value, for a message: `the text "two"`, `the number 2048`, `a list`, `nothing`. */
export function found(value: unknown): string {
  switch (typeOf(value)) {
    case "string":
      return `the text ${quote(value as string)}`;
    case "integer":
    case "number":
      return `the number ${String(value)}`;
    case "boolean":
      return String(value);
    case "array":
      return "a list";
    case "null":
      return "nothing";
    default:
      return "a map";
  }
}

/** Quoted, escaped and cut to a length that fits into a message. */
export function quote(text: string): string {
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
}

/** `a, b or c` */
export function list(words: readonly string[], last = "or"): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}

const nouns: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  null: "nothing",
};

/** What a schema takes, for a message: `a size with a unit`, `a whole number from 1 to 288`, `text or a list`. */
export function expected(schema: Schema): string {
  if (schema["title"] === "Size") return "a size with a unit";
  if (schema["title"] === "Duration") return "a duration with a unit";
  if (Array.isArray(schema["enum"])) return list(schema["enum"].map((value) => JSON.stringify(value)));
  const [minimum, maximum] = [schema["minimum"], schema["maximum"]] as (number | undefined)[];
  const range = minimum !== undefined && maximum !== undefined ? ` from ${minimum} to ${maximum}` : "";
  return list(typesOf(schema).map((type) => (nouns[type] ?? type) + range));
}

export function typesOf(schema: Schema): readonly string[] {
  const { type } = schema;
  return Array.isArray(type) ? (type as string[]) : typeof type === "string" ? [type] : [];
}
