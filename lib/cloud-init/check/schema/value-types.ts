/** True for maps of YAML and JSON, not for lists, dates and binary data. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Types as cloud-init's validator has them: binary data counts as text, a date as nothing at all. */
export function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case "object":
      return isMap(value);
    case "array":
      return Array.isArray(value);
    case "string":
      return typeof value === "string" || value instanceof Uint8Array;
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "null":
      return value === null;
    default:
      return false;
  }
}

const names: Readonly<Record<string, string>> = {
  object: "a map",
  array: "a list",
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  null: "nothing",
};

/** A type of the schema in words: "a list". */
export function nameOfType(type: string): string {
  return names[type] ?? type;
}

/** A value in words, short: "the number 420", "a list". Text is not shown: it may be a secret. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "string" || value instanceof Uint8Array) return value.length === 0 ? "empty text" : "text";
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value === "boolean") return `the truth value ${value}`;
  if (value instanceof Date) return "a date";
  return Array.isArray(value) ? (value.length === 0 ? "an empty list" : "a list") : "a map";
}
