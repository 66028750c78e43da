import type { Schema } from "../../../schemas/lab/value.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Path } from "../path.ts";
import { expected, found, list, typeOf, typesOf } from "./describe.ts";
import { conflict, unknownKey } from "./explain-keys.ts";
import { fits, resolve } from "./rule.ts";
import { suggestType } from "./suggest.ts";

/** `explain` itself, which this is a part of: passed, because modules must not import each other in a circle. */
type Explain = (schema: Schema, value: unknown, path: Path) => Diagnostic[];

/**
 * `anyOf`: says what is wrong with the choice that was meant, which the value's type or its keys show.
 *
 * @returns undefined where the schema has no choice
 */
export function explainChoice(rule: Schema, value: unknown, path: Path, explain: Explain): Diagnostic[] | undefined {
  if (!Array.isArray(rule["anyOf"])) return undefined;
  const written = rule["anyOf"] as Schema[];
  const choices = written.map(resolve);
  if (choices.some((choice) => explain(choice, value, path).length === 0)) return [];
  // A reference is another way to write the value, not what somebody meant who wrote something else.
  const meant = choices.filter((_, index) => written[index]?.["$ref"] !== "#/$defs/reference");
  const ofType = meant.filter((choice) => typesOf(choice).some((type) => fits(type, value)));
  if (ofType.length > 1 && typeOf(value) === "object") return amongMaps(ofType, value as Readonly<Record<string, unknown>>, path, explain);
  if (ofType[0]) return explain(ofType[0], value, path);
  const types = meant.flatMap((choice) => typesOf(choice));
  const summary = `expected ${list([...new Set(meant.map((choice) => expected(choice)))])}, found ${found(value)}`;
  const nextStep = suggestType(value, types) ?? `Write ${list([...new Set(meant.map((choice) => expected(choice)))])} here.`;
  return [{ code: "WRONG_TYPE", severity: "error", path, summary, nextStep }];
}

/** Maps that differ by their keys, such as the kinds of probes. */
function amongMaps(choices: readonly Schema[], map: Readonly<Record<string, unknown>>, path: Path, explain: Explain): Diagnostic[] {
  const all = [...new Set(choices.flatMap(keysOf))];
  const unknown = Object.keys(map).filter((key) => !all.includes(key));
  if (unknown.length > 0) return unknown.map((key) => unknownKey(key, all, map, path));
  const touched = choices.filter((choice) => keysOf(choice).some((key) => Object.hasOwn(map, key)));
  if (touched.length > 1) return [conflict(Object.keys(map), path)];
  if (touched[0]) return explain(touched[0], map, path);
  const summary = `expected ${list(all.map((key) => `"${key}"`))} in ${path.join(".")}, found an empty map`;
  return [{ code: "MISSING_KEY", severity: "error", path, summary, nextStep: "Add one of them." }];
}

function keysOf(choice: Schema): string[] {
  return Object.keys(choice["properties"] ?? {});
}
