import type { Schema, ValuePath, Violation } from "./evaluate-schema.ts";
import { describeValue, isMap, nameOfType } from "./value-types.ts";

/**
 * The violations that matter: of a value that has none of several forms, those of the form that was meant, where that can be told.
 */
export function plainViolations(violations: readonly Violation[]): Violation[] {
  return violations.flatMap((violation) => {
    const meant = meantBranch(violation);
    return meant === undefined ? [violation] : plainViolations(meant);
  });
}

/** The form whose type the value has, or else whose `type` key; of several, the one with the fewest faults. */
function meantBranch({ branches = [], path }: Violation): readonly Violation[] | undefined {
  const sameType = branches.filter((branch) => !branch.some((fault) => isAbout(fault, path) || isAbout(fault, [...path, "type"])));
  return sameType.toSorted((one, other) => one.length - other.length)[0];
}

function isAbout({ path, keyword, branches }: Violation, place: ValuePath): boolean {
  if (path.length !== place.length || path.at(-1) !== place.at(-1)) return false;
  return keyword === "type" || keyword === "enum" || branches !== undefined;
}

/** A path as people write it: `write_files[0].permissions`. */
export function sayPath(path: ValuePath): string {
  return path.map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`)).join("");
}

/** What was expected and what was found. Never shows text that was found: it may be a secret. */
export function sayViolation({ keyword, argument, value, key, branches }: Violation): string {
  switch (keyword) {
    case "required":
      return `the key "${key}" is missing`;
    case "additionalProperties":
      return `the key "${key}" is not known`;
    case "minItems":
    case "minProperties":
      return `expected at least ${String(argument)} ${argument === 1 ? "entry" : "entries"}, found ${describeValue(value)}`;
    case "maxItems":
      return `expected at most ${String(argument)} entries, found more`;
    case "uniqueItems":
      return "expected every entry once, found one twice";
    case "minimum":
      return `expected at least ${String(argument)}, found ${describeValue(value)}`;
    case "maximum":
      return `expected at most ${String(argument)}, found ${describeValue(value)}`;
    case "maxLength":
      return `expected at most ${String(argument)} characters, found more`;
    case "pattern":
      return `expected text that matches ${String(argument)}`;
    case "format":
      return "expected a date such as 2030-12-31";
    case "oneOf":
      return branches === undefined ? "it has several forms at once" : expectedFound(argument, value);
    case "anyOf":
    case "type":
    case "enum":
      return expectedFound(keyword === "anyOf" ? argument : [{ [keyword]: argument }], value);
    default:
      return "it has keys that exclude each other";
  }
}

function expectedFound(forms: unknown, value: unknown): string {
  const expected = [...new Set((forms as Schema[]).flatMap(sayForms))];
  return expected.length === 0 ? `it is not of a form that is known` : `expected ${orList(expected)}, found ${describeValue(value)}`;
}

function sayForms(schema: Schema): string[] {
  const { enum: allowed, type, required, oneOf, anyOf } = schema;
  if (Array.isArray(allowed)) return allowed.map((item) => (typeof item === "string" ? `"${item}"` : String(item)));
  if (typeof type === "string") return [nameOfType(type)];
  if (Array.isArray(type)) return type.map((name) => nameOfType(String(name)));
  if (Array.isArray(required)) return [`a map with ${required.map((key) => `"${String(key)}"`).join(" and ")}`];
  if (Array.isArray(oneOf) || Array.isArray(anyOf)) return ((oneOf ?? anyOf) as Schema[]).flatMap(sayForms);
  return isMap(schema) && "$ref" in schema ? ["a map"] : [];
}

function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
