import type { Attributes } from "../attribute.ts";
import { errorAt, warningAt, type AttributePath, type Problem } from "../problem.ts";
import { cell, type Row } from "../schema-type.ts";
import { BigNumber, Dynamic, isUnknown, isWhollyKnown, type Value } from "../value.ts";

/**
 * What the attributes' own rules say of a configuration: validators of known values, numbers too exact for JavaScript, deprecated and
 * write-only attributes. Types and required attributes are Terraform's own check.
 */
export function validateAttributes(attributes: Attributes, config: Row, writeOnlyAllowed: boolean, path: AttributePath = []): Problem[] {
  return Object.entries(attributes).flatMap(([name, attribute]) => {
    const value = cell(config, name);
    const at = [...path, name];
    if (value === null) return [];
    const problems: Problem[] = [];
    if (attribute.deprecated !== undefined) problems.push(warningAt(at, `"${name}" is deprecated`, attribute.deprecated));
    if (attribute.writeOnly && !writeOnlyAllowed) {
      problems.push(errorAt(at, `"${name}" is write-only, which this Terraform does not know`, "Use Terraform 1.11 or later."));
    }
    if (isUnknown(value)) return problems;
    if (!attribute.exact && attribute.type !== undefined && attribute.type !== "dynamic" && hasBigNumber(value)) {
      return [...problems, errorAt(at, "the number has more digits than can be kept exactly", "At most 15 digits are certain to fit.")];
    }
    if (isWhollyKnown(value)) {
      for (const validator of attribute.validators) {
        const complaint = validator(value as never);
        if (complaint !== undefined) problems.push(errorAt(at, `Invalid ${name}: ${complaint}`));
      }
    }
    if (!attribute.nested) return problems;
    const { nesting, attributes: inner } = attribute.nested;
    if (nesting === "single") return [...problems, ...validateAttributes(inner, value as Row, writeOnlyAllowed, at)];
    const elements = Object.entries(value as object) as [string, Value][];
    const stepOf = (key: string) => (nesting === "set" ? [] : [nesting === "list" ? Number(key) : key]);
    return [
      ...problems,
      ...elements.flatMap(([key, element]) =>
        element === null || isUnknown(element) ? [] : validateAttributes(inner, element as Row, writeOnlyAllowed, [...at, ...stepOf(key)]),
      ),
    ];
  });
}

function hasBigNumber(value: Value): boolean {
  if (value instanceof BigNumber) return true;
  if (value === null || typeof value !== "object" || isUnknown(value) || value instanceof Dynamic) return false;
  return Object.values(value).some((item) => hasBigNumber(item));
}
