import { lab } from "../../../schemas/lab/lab.ts";
import type { Schema } from "../../../schemas/lab/value.ts";
import { typeOf } from "./describe.ts";

/** A schema without `$ref`; what stands beside the reference (a description) wins. */
export function resolve(schema: Schema): Schema {
  const reference = schema["$ref"];
  if (typeof reference !== "string") return schema;
  const definitions = lab["$defs"] as Readonly<Record<string, Schema>>;
  const { $ref: _, ...beside } = schema;
  return { ...resolve(definitions[reference.slice("#/$defs/".length)] ?? {}), ...beside };
}

/** True if a value is of a type that the schema names. */
export function fits(type: string, value: unknown): boolean {
  const is = typeOf(value);
  return is === type || (type === "number" && is === "integer");
}
