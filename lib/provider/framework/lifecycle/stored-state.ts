import type { Attributes } from "../attribute.ts";
import { exactNumber } from "../decimal.ts";
import { errorAt, type AttributePath, type Problem } from "../problem.ts";
import type { StoredState } from "../resource.ts";
import { attributeType, type Row } from "../schema-type.ts";
import { BigNumber, Dynamic, type CtyType, type Value } from "../value.ts";

/** The state of an older version brought to the current one, and read. */
export function upgradeState(
  {
    schema,
    version = 0,
    upgrades = {},
  }: { schema: Attributes; version?: number; upgrades?: Readonly<Record<number, (state: StoredState) => StoredState>> },
  stored: StoredState,
  storedVersion: number,
): { readonly row?: Row; readonly problems: readonly Problem[] } {
  if (storedVersion > version) {
    return failed(`The state was written by a newer version of the provider: version ${storedVersion}, this one knows ${version}`);
  }
  let state = stored;
  for (let current = storedVersion; current < version; current += 1) {
    const upgrade = upgrades[current];
    if (!upgrade) return failed(`The provider cannot upgrade a state of version ${current}: it is too old`);
    state = upgrade(state);
  }
  return readStoredState(schema, state);
}

/** Reads a state of the current version. What the schema does not have any more is dropped, what it has in addition is null. */
export function readStoredState(schema: Attributes, stored: StoredState): { readonly row?: Row; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const row = Object.fromEntries(
    Object.entries(schema).map(([name, attribute]) => [
      name,
      attribute.writeOnly || !Object.hasOwn(stored, name) ? null : fromJson(attributeType(attribute), stored[name], [name], problems),
    ]),
  );
  return problems.length > 0 ? { problems } : { row, problems };
}

/** A value of Terraform's JSON form, leniently: numbers and booleans may be text, as Terraform itself converts them. */
export function fromJson(type: CtyType, json: unknown, path: AttributePath, problems: Problem[]): Value {
  const wrong = (): Value => {
    const wanted = typeof type === "string" ? type : type[0];
    problems.push(errorAt(path, `The stored state does not fit the schema: expected a ${wanted} at ${path.join(".")}`));
    return null;
  };
  if (json === null || json === undefined) return null;
  if (type === "string") {
    if (typeof json === "string") return json;
    return typeof json === "number" || typeof json === "boolean" || json instanceof BigNumber ? String(json) : wrong();
  }
  if (type === "bool") return typeof json === "boolean" ? json : json === "true" ? true : json === "false" ? false : wrong();
  if (type === "number") {
    if (typeof json === "number") return exactNumber(String(json));
    const text = json instanceof BigNumber ? json.text : typeof json === "string" ? json : "";
    return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? exactNumber(text) : wrong();
  }
  if (type === "dynamic") {
    if (typeof json !== "object" || !("type" in json) || !("value" in json)) return wrong();
    return new Dynamic(json.type as CtyType, fromJson(json.type as CtyType, json.value, path, problems));
  }
  if (type[0] === "list" || type[0] === "set" || type[0] === "tuple") {
    if (!Array.isArray(json) || (type[0] === "tuple" && json.length !== type[1].length)) return wrong();
    return json.map((item, index) =>
      fromJson(type[0] === "tuple" ? (type[1][index] ?? "dynamic") : type[1], item, [...path, index], problems),
    );
  }
  if (typeof json !== "object" || Array.isArray(json) || json instanceof BigNumber) return wrong();
  const given = json as Readonly<Record<string, unknown>>;
  if (type[0] !== "object") {
    return Object.fromEntries(Object.entries(given).map(([key, item]) => [key, fromJson(type[1], item, [...path, key], problems)]));
  }
  return Object.fromEntries(
    Object.entries(type[1]).map(([key, of]) => [
      key,
      fromJson(of, Object.hasOwn(given, key) ? given[key] : null, [...path, key], problems),
    ]),
  );
}

function failed(summary: string): { readonly problems: readonly Problem[] } {
  return { problems: [{ severity: "error", summary }] };
}
