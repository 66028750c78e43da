import type { Attributes } from "../attribute.ts";
import { equalValues } from "../equal.ts";
import { errorAt, type AttributePath, type Problem } from "../problem.ts";
import { attributeType, cell, type Row } from "../schema-type.ts";
import { isUnknown, type CtyType, type Value } from "../value.ts";

/**
 * Terraform Core's rules for what an apply returns ("Provider produced inconsistent result after apply", "invalid result object"):
 * every value that the plan knew is unchanged, and nothing is unknown any more.
 *
 * @returns one error for each violation: each is a bug of the resource, not of its user
 */
export function checkApplied(attributes: Attributes, planned: Row, actual: Row): Problem[] {
  return Object.entries(attributes).flatMap(([name, attribute]) => {
    const problems = compatible(attributeType(attribute), cell(planned, name), cell(actual, name), [name]);
    // Where a sensitive value differs is told; elements inside it could give it away.
    return attribute.sensitive && problems.length > 0 ? [bug([name], "it differs from the planned value")] : problems;
  });
}

function compatible(type: CtyType, planned: Value, actual: Value, path: AttributePath): Problem[] {
  if (isUnknown(actual)) return [bug(path, "it is still unknown")];
  if (isUnknown(planned) || equalValues(type, planned, actual)) return [];
  if (planned === null) return [bug(path, "null was planned, and it has a value")];
  if (actual === null) return [bug(path, "a value was planned, and it is null")];
  if (typeof type === "string") return [bug(path, "it differs from the planned value")];
  if (type[0] === "set") return compatibleSets(type[1], planned as readonly Value[], actual as readonly Value[], path);
  const keys = new Set([...Object.keys(planned as object), ...Object.keys(actual as object)]);
  return [...keys].flatMap((key) => {
    const at = [...path, type[0] === "list" || type[0] === "tuple" ? Number(key) : key];
    if (!Object.hasOwn(planned as object, key)) return [bug(at, "an element has appeared")];
    if (!Object.hasOwn(actual as object, key)) return [bug(at, "an element has vanished")];
    return compatible(elementType(type, key), (planned as Row)[key] ?? null, (actual as Row)[key] ?? null, at);
  });
}

function elementType(type: Exclude<CtyType, string>, key: string): CtyType {
  if (type[0] === "object") return type[1][key] ?? "dynamic";
  return type[0] === "tuple" ? (type[1][Number(key)] ?? "dynamic") : type[1];
}

function compatibleSets(of: CtyType, planned: readonly Value[], actual: readonly Value[], path: AttributePath): Problem[] {
  const fits = (one: Value, other: Value) => compatible(of, one, other, path).length === 0;
  const lost = planned.some((one) => !actual.some((other) => fits(one, other)));
  const added = actual.some((other) => !planned.some((one) => fits(one, other))) || actual.length > planned.length;
  return lost || added ? [bug(path, lost ? "an element of the set has vanished" : "an element of the set has appeared")] : [];
}

function bug(path: AttributePath, what: string): Problem {
  return errorAt(
    path,
    `The provider's result is not what was planned: ${what}`,
    "What was made is recorded in the state. This is a bug in the provider, please report it.",
  );
}
