/** A JSON Schema (2020-12) as a plain object. */
export type Schema = { readonly [keyword: string]: unknown };

/** `${var:NAME}` or `${each:NAME}`, alone in its string. */
export const reference: Schema = { type: "string", pattern: "^\\$\\{(var|each):[A-Za-z_][A-Za-z0-9_]*\\}$" };

export const size: Schema = {
  title: "Size",
  description: "An amount with a unit: `512MiB`, `2GiB`, `1.5GiB` (B, KiB, MiB, GiB, TiB).",
  type: "string",
  pattern: "^(\\d{1,15}(\\.\\d{1,6})? ?(B|KiB|MiB|GiB|TiB)|.*\\$\\{(var|each):[A-Za-z_][A-Za-z0-9_]*\\}.*)$",
  examples: ["512MiB", "2GiB"],
};

export const duration: Schema = {
  title: "Duration",
  description: "A length of time with a unit: `500ms`, `90s`, `5m`, `1h30m`.",
  type: "string",
  pattern: "^((\\d{1,9}h)?(\\d{1,9}m)?(\\d{1,9}s)?(\\d{1,12}ms)?|\\$\\{(var|each):[A-Za-z_][A-Za-z0-9_]*\\})$",
  minLength: 2,
  examples: ["90s", "5m"],
};

/** One DNS label (RFC 1123): the names of sandboxes, networks, hosts, images and of the lab itself. */
export const label: Schema = {
  title: "Name",
  description: "A DNS label: lower-case letters, digits and hyphens, 1 to 63 characters, no hyphen at either end.",
  type: "string",
  pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
};

/** A map from such names. */
export function namedMap(items: Schema, extra: Schema = {}): Schema {
  return { type: "object", propertyNames: { $ref: "#/$defs/label" }, additionalProperties: items, ...extra };
}

/** An object with these keys and no others. */
export function closedObject(properties: Record<string, Schema>, extra: Schema = {}): Schema {
  return { type: "object", properties, additionalProperties: false, ...extra };
}

/** A whole number in a range, or a reference to one. */
export function integer(minimum: number, maximum: number, extra: Schema = {}): Schema {
  return { anyOf: [{ type: "integer", minimum, maximum }, { $ref: "#/$defs/reference" }], ...extra };
}

/** True, false, or a reference to one. */
export function boolean(extra: Schema): Schema {
  return { anyOf: [{ type: "boolean" }, { $ref: "#/$defs/reference" }], ...extra };
}

export const overrides: Schema = {
  title: "Overrides",
  description:
    "Reaches what the lab language does not model: attribute path of the object's main Terraform resource (dots between keys) → value. The plan names what an override touches.",
  type: "object",
  additionalProperties: true,
  examples: [{ "devices.videos": [{ model: { type: "virtio", heads: 1, primary: "yes" } }] }],
};
