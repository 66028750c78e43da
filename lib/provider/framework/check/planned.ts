import type { Attribute, Attributes } from "../attribute.ts";
import { equalValues } from "../equal.ts";
import { errorAt, type AttributePath, type Problem } from "../problem.ts";
import { attributeType, cell, type Row } from "../schema-type.ts";
import { isUnknown, isWhollyKnown, type Value } from "../value.ts";

/**
 * Terraform Core's rules for a plan ("Provider produced invalid plan"): only what the user left out may be chosen by the provider;
 * what the user wrote is planned as written, or as it was.
 *
 * @returns one error for each violation: each is a bug of the resource, not of its user
 */
export function checkPlanned(attributes: Attributes, prior: Row | null, config: Row, planned: Row, path: AttributePath = []): Problem[] {
  return Object.entries(attributes).flatMap(([name, attribute]) =>
    checkAttribute(attribute, cell(prior, name), cell(config, name), cell(planned, name), [...path, name]),
  );
}

function checkAttribute(attribute: Attribute, prior: Value, config: Value, planned: Value, path: AttributePath): Problem[] {
  const type = attributeType(attribute);
  if (attribute.writeOnly) return planned === null ? [] : [bug(path, "a write-only attribute must not be in a plan")];
  if (equalValues(type, planned, config)) return [];
  if (prior !== null && config !== null && equalValues(type, planned, prior)) return [];
  if (attribute.computed && (!attribute.optional || config === null)) return [];
  if (config === null) return [bug(path, "a value was planned for what the user left out, and the attribute is not computed")];
  if (attribute.nested) return checkNested(attribute.nested, prior, config, planned, path);
  return [bug(path, "the planned value is neither the configured nor the prior one")];
}

function checkNested(
  { nesting, attributes }: NonNullable<Attribute["nested"]>,
  prior: Value,
  config: Value,
  planned: Value,
  path: AttributePath,
): Problem[] {
  if (planned === null) return [bug(path, "null was planned for what the user wrote")];
  if (isUnknown(planned)) return [bug(path, "unknown was planned for what the user wrote")];
  if (isUnknown(config)) return [bug(path, "a value was planned before the configured one is known")];
  if (nesting === "single") return checkPlanned(attributes, row(prior), config as Row, planned as Row, path);
  const written = Object.entries(config as object) as [string, Value][];
  const count = Object.keys(planned as object).length;
  // Elements of a set that are not known yet may turn out to be the same.
  if (nesting === "set" && !isWhollyKnown(config)) return [];
  if (count !== written.length) return [bug(path, `${count} elements were planned where the user wrote ${written.length}`)];
  // Elements of sets have no identity: Core trusts the provider, too.
  if (nesting === "set") return [];
  return written.flatMap(([key, element]) => {
    const at = [...path, nesting === "list" ? Number(key) : key];
    if (!Object.hasOwn(planned as object, key)) return [bug(at, "an element that the user wrote was not planned")];
    const plannedElement = (planned as Row)[key] ?? null;
    if (element === null || plannedElement === null || isUnknown(element) || isUnknown(plannedElement)) {
      return (element === null) === (plannedElement === null) && isUnknown(element) === isUnknown(plannedElement)
        ? []
        : [bug(at, "an element was planned as null or unknown, and not written so")];
    }
    return checkPlanned(attributes, row(cell(prior, key)), element as Row, plannedElement as Row, at);
  });
}

function row(value: Value): Row | null {
  return value === null || isUnknown(value) ? null : (value as Row);
}

function bug(path: AttributePath, what: string): Problem {
  return errorAt(
    path,
    `The provider made a plan that Terraform does not allow: ${what}`,
    "This is a bug in the provider, please report it.",
  );
}
