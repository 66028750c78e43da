import type { Schema } from "../../../schemas/lab/value.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Path } from "../path.ts";
import { closest } from "./closest.ts";
import { list, quote } from "./describe.ts";

type WrittenMap = Readonly<Record<string, unknown>>;

/** How many known keys a message lists before it sends the reader to the reference. */
const mostListed = 12;

/** How many unknown keys of one map are told one by one: more are another kind of file. */
const mostUnknown = 20;

/** Keys that are not known, and keys that are needed. */
export function explainKeys(rule: Schema, map: WrittenMap, path: Path): Diagnostic[] {
  const properties = Object.keys(rule["properties"] ?? {});
  const unknown = rule["additionalProperties"] === false ? Object.keys(map).filter((key) => !properties.includes(key)) : [];
  const missing = ((rule["required"] ?? []) as string[]).filter((key) => !Object.hasOwn(map, key));
  // A needed key that was misspelt is one fault, not two.
  const misspelt = new Set(
    unknown.map((key) =>
      closest(
        key,
        properties.filter((name) => !Object.hasOwn(map, name)),
      ),
    ),
  );
  return [
    ...wrongCount(rule, Object.keys(map).length, path),
    ...unknownKeys(unknown, properties, map, path),
    ...missing.filter((key) => !misspelt.has(key)).map((key) => missingKey(key, path)),
  ];
}

function wrongCount(rule: Schema, count: number, path: Path): Diagnostic[] {
  const [least, most] = [Number(rule["minProperties"] ?? 0), Number(rule["maxProperties"] ?? Infinity)];
  if (count >= least && count <= most) return [];
  const wanted = least === most ? `exactly ${least}` : count < least ? `at least ${least}` : `at most ${most}`;
  const summary = `expected ${wanted} key${wanted.endsWith(" 1") ? "" : "s"}${inside(path)}, found ${count === 0 ? "none" : count}`;
  return [
    {
      code: "OUT_OF_RANGE",
      severity: "error",
      path,
      summary,
      nextStep: count < least ? "Add what it should hold, or leave it out." : "Keep one of them.",
    },
  ];
}

function unknownKeys(keys: readonly string[], properties: readonly string[], map: WrittenMap, path: Path): Diagnostic[] {
  const told = keys.slice(0, mostUnknown).map((key) => unknownKey(key, properties, map, path));
  const last = told.at(-1);
  if (last && keys.length > mostUnknown)
    told[mostUnknown - 1] = { ...last, detail: `${keys.length - mostUnknown} more keys here are unknown.` };
  return told;
}

/** @param properties all keys that the map may have */
export function unknownKey(key: string, properties: readonly string[], map: WrittenMap, path: Path): Diagnostic {
  const near = closest(key, properties);
  const free = near !== undefined && !Object.hasOwn(map, near);
  const known = [...properties].sort();
  const listed = `Known keys: ${known.slice(0, mostListed).join(", ")}${known.length > mostListed ? " … (docs/reference/lab.md)" : ""}.`;
  return {
    code: "UNKNOWN_KEY",
    severity: "error",
    path: [...path, key],
    summary: `found the unknown key ${quote(key)}${inside(path)}`,
    nextStep: near === undefined ? listed : free ? `Did you mean "${near}"?` : `Did you mean "${near}"? That key is there already.`,
  };
}

function missingKey(key: string, path: Path): Diagnostic {
  return { code: "MISSING_KEY", severity: "error", path, summary: `expected the key "${key}"${inside(path)}`, nextStep: `Add ${key}: …` };
}

/** `not: {required: […]}` and `oneOf: [{required: […]}, …]`: which keys go together. */
export function explainKeyRules(rule: Schema, map: WrittenMap, path: Path): Diagnostic[] {
  const has = (key: string): boolean => Object.hasOwn(map, key);
  const together = (rule["not"] as Schema | undefined)?.["required"] as string[] | undefined;
  const diagnostics: Diagnostic[] = [];
  if (together?.every(has)) diagnostics.push(conflict(together, path));
  const choices = ((rule["oneOf"] ?? []) as Schema[]).map((choice) => choice["required"] as string[]);
  const complete = choices.filter((keys) => keys.every(has));
  if (complete.length > 1)
    diagnostics.push(
      conflict(
        complete.map((keys) => keys[0] ?? ""),
        path,
      ),
    );
  if (choices.length > 0 && complete.length === 0) diagnostics.push(noChoice(choices, has, path));
  return diagnostics;
}

export function conflict(keys: readonly string[], path: Path): Diagnostic {
  const names = keys.map((key) => `"${key}"`);
  const summary = `expected only one of ${list(names, "and")}${inside(path)}, found ${names.length === 2 ? "both" : "several"}`;
  return { code: "CONFLICTING_KEYS", severity: "error", path, summary, nextStep: `Keep one of them.` };
}

function noChoice(choices: readonly string[][], has: (key: string) => boolean, path: Path): Diagnostic {
  const begun = choices.find((keys) => keys.some(has) && keys.length > 1);
  if (begun) {
    const missing = begun.filter((key) => !has(key));
    const names = list(begun.filter(has), "and");
    const summary = `expected ${list(
      missing.map((key) => `"${key}"`),
      "and",
    )} beside "${names}"${inside(path)}`;
    return { code: "MISSING_KEY", severity: "error", path, summary, nextStep: `Add ${missing.join(", ")}.` };
  }
  const ways = list(choices.map((keys) => keys.map((key) => `"${key}"`).join(" with ")));
  return { code: "MISSING_KEY", severity: "error", path, summary: `expected ${ways}${inside(path)}`, nextStep: "Add one of them." };
}

/** ` in sandboxes.web`; nothing at the root. */
function inside(path: Path): string {
  return path.length === 0 ? "" : ` in ${path.join(".")}`;
}
