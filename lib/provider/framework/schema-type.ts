import type { Attribute, Attributes } from "./attribute.ts";
import type { CtyType, Value } from "./value.ts";

/** A resource's value as Terraform has it: all attributes by name. */
export type Row = Readonly<Record<string, Value>>;

/** The type of an attribute's value, nested attributes included. */
export function attributeType({ type, nested }: Attribute): CtyType {
  if (!nested) return type ?? "dynamic";
  const object = objectType(nested.attributes);
  return nested.nesting === "single" ? object : [nested.nesting, object];
}

const known = new WeakMap<Attributes, CtyType>();

/** The object type of a schema. */
export function objectType(attributes: Attributes): CtyType {
  let type = known.get(attributes);
  if (!type) {
    type = ["object", Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, attributeType(attribute)]))];
    known.set(attributes, type);
  }
  return type;
}

/** The row in which every attribute is null. */
export function nullRow(attributes: Attributes): Row {
  return Object.fromEntries(Object.keys(attributes).map((name) => [name, null]));
}

/** An attribute of a row; null where there is no row or no such attribute. */
export function cell(row: Value | undefined, name: string): Value {
  if (row === null || typeof row !== "object" || !Object.hasOwn(row, name)) return null;
  return (row as Row)[name] ?? null;
}
