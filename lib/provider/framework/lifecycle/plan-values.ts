import type { Attributes } from "../attribute.ts";
import { equalValues } from "../equal.ts";
import type { AttributeChange } from "../modifier.ts";
import type { AttributePath } from "../problem.ts";
import { attributeType, cell, objectType, type Row } from "../schema-type.ts";
import { unknown, type Value } from "../value.ts";
import { rebuild, type Visited } from "./walk.ts";

/** Puts defaults where the user wrote nothing, and null where only the configuration may have a value. */
export function applyDefaults(attributes: Attributes, config: Row, planned: Row): Row {
  return rebuild(attributes, { config, prior: null, planned }, ({ attribute, config, planned }) => {
    if (attribute.writeOnly) return null;
    return attribute.default !== undefined && config === null ? attribute.default : planned;
  });
}

/** What is planned before it is asked whether anything changes. */
export function settle(attributes: Attributes, config: Row, prior: Row, planned: Row): Row {
  return rebuild(attributes, { config, prior, planned }, (visited) =>
    modified(
      visited,
      (value, modifier, change) => (modifier.settle ? (modifier.settle(change(value)) as Value) : value),
      () => false,
    ),
  );
}

/** Makes unknown what the provider computes: all of it may change when anything does. */
export function markComputed(attributes: Attributes, config: Row, planned: Row): Row {
  return rebuild(attributes, { config, prior: null, planned }, ({ attribute, config, planned }) =>
    attribute.computed && config === null && attribute.default === undefined ? unknown : planned,
  );
}

/** What is planned once it is known that something changes. */
export function decide(attributes: Attributes, config: Row, prior: Row, planned: Row): Row {
  const changes = (name: string) => differs(attributes, name, prior, planned);
  return rebuild(attributes, { config, prior, planned }, (visited) =>
    modified(visited, (value, modifier, change) => (modifier.decide ? (modifier.decide(change(value)) as Value) : value), changes),
  );
}

/** Whether a top-level attribute is planned to change. */
export function differs(attributes: Attributes, name: string, prior: Row, planned: Row): boolean {
  const attribute = attributes[name];
  if (!attribute) throw new Error(`the schema has no attribute "${name}"`);
  return !equalValues(attributeType(attribute), cell(planned, name), cell(prior, name));
}

export function anythingDiffers(attributes: Attributes, prior: Row, planned: Row): boolean {
  return !equalValues(objectType(attributes), planned, prior);
}

/** Paths whose planned change takes a new object, according to the attributes' modifiers. */
export function replacements(attributes: Attributes, config: Row, prior: Row, planned: Row): AttributePath[] {
  const found: AttributePath[] = [];
  const changes = (name: string) => differs(attributes, name, prior, planned);
  rebuild(attributes, { config, prior, planned }, ({ attribute, path, ...views }) => {
    // Inside a set there is no prior element to compare with: its own modifiers speak for it.
    const inSet = path.length > 1 && views.prior === null && isInSet(attributes, path);
    const change = { ...views, changes } as unknown as AttributeChange<never>;
    if (
      !inSet &&
      !equalValues(attributeType(attribute), views.planned, views.prior) &&
      attribute.modifiers.some((modifier) => modifier.replaces?.(change))
    ) {
      found.push(path);
    }
    return views.planned;
  });
  return found;
}

function isInSet(attributes: Attributes, path: AttributePath): boolean {
  let current: Attributes = attributes;
  for (const [index, step] of path.entries()) {
    const attribute = Object.hasOwn(current, step) ? current[step] : undefined;
    if (!attribute?.nested) continue;
    if (attribute.nested.nesting === "set" && index < path.length - 1) return true;
    current = attribute.nested.attributes;
  }
  return false;
}

type Modifiers = Visited["attribute"]["modifiers"];

function modified(
  { attribute, config, prior, planned }: Visited,
  step: (value: Value, modifier: Modifiers[number], change: (planned: Value) => AttributeChange<never>) => Value,
  changes: (name: string) => boolean,
): Value {
  const change = (current: Value) => ({ config, prior, planned: current, changes }) as unknown as AttributeChange<never>;
  return attribute.modifiers.reduce((value, modifier) => step(value, modifier, change), planned);
}
