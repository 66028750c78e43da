import { closestMatch } from "leven";
import type { Path, Report } from "../path.ts";

/** What `${each:NAME}` stands for in one copy of a sandbox. */
export type EachValues = ReadonlyMap<string, string | number | boolean>;

const reference = /\$(\$?)\{each:([A-Za-z_][A-Za-z0-9_]*)\}/g;
const alone = /^\$\{each:([A-Za-z_][A-Za-z0-9_]*)\}$/;

/** True if a reference, also an escaped one, is anywhere in the value. */
export function usesEach(value: unknown): boolean {
  if (typeof value === "string") return value.includes("${each:");
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(usesEach);
}

/**
 * Replaces `${each:NAME}` in a text. Alone in its text it becomes the value with its type; `$${each:NAME}` is left for later stages to
 * unescape. Reports `UNKNOWN_EACH`.
 */
export function fillEachInText(text: string, each: EachValues, path: Path, report: Report): string | number | boolean {
  const whole = alone.exec(text)?.[1];
  if (whole !== undefined) return lookUp(whole, each, path, report);
  return text.replaceAll(reference, (written, escaped: string, name: string) =>
    escaped === "$" ? written : String(lookUp(name, each, path, report)),
  );
}

/** Replaces them in all texts of a value; returns the value itself where there are none. */
export function fillEach<T>(value: T, each: EachValues, at: (...path: Path) => Path, report: Report): T {
  const fill = (part: unknown, path: Path): unknown => {
    if (typeof part === "string") return part.includes("${each:") ? fillEachInText(part, each, at(...path), report) : part;
    if (typeof part !== "object" || part === null || !usesEach(part)) return part;
    if (Array.isArray(part)) return part.map((item, index) => fill(item, [...path, index]));
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, fill(item, [...path, key])]));
  };
  return fill(value, []) as T;
}

function lookUp(name: string, each: EachValues, path: Path, report: Report): string | number | boolean {
  const value = each.get(name);
  if (value !== undefined) return value;
  const names = [...each.keys()];
  const closest = closestMatch(name, names, { maxDistance: 3 });
  report({
    code: "UNKNOWN_EACH",
    severity: "error",
    path,
    summary:
      names.length === 0
        ? `"\${each:${name}}" in a sandbox without \`count\` or \`forEach\``
        : `"\${each:${name}}" is not given for every copy`,
    nextStep:
      names.length === 0
        ? "Add `count` or `forEach` to the sandbox, or write `$${each:…}` if the text is the guest's own."
        : `Known here: ${names.join(", ")}.${closest === undefined ? "" : ` Did you mean "${closest}"?`}`,
  });
  return "";
}
