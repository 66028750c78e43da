import type { Schema } from "../value.ts";

/** A text that says something. */
export function text(description: string, extra: Schema = {}): Schema {
  return { description, type: "string", minLength: 1, ...extra };
}

/** A list of such texts. */
export function texts(description: string): Schema {
  return { description, type: "array", items: { type: "string", minLength: 1 }, default: [] };
}
