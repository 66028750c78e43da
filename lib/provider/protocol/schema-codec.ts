import type { Attribute, Attributes } from "../framework/attribute.ts";
import { markdown, nestings, type WireAttribute } from "./messages.ts";

/** A schema as Terraform takes it. */
export function encodeSchema(attributes: Attributes, description: string, version: number) {
  return { version, block: { version, attributes: encodeAttributes(attributes), description, descriptionKind: markdown } };
}

function encodeAttributes(attributes: Attributes): Partial<WireAttribute>[] {
  return Object.entries(attributes).map(([name, attribute]) => encodeAttribute(name, attribute));
}

function encodeAttribute(name: string, attribute: Attribute): Partial<WireAttribute> {
  const { description, required, optional, computed, sensitive, writeOnly, nested } = attribute;
  return {
    ...{ name, description, descriptionKind: markdown, required, optional, computed, sensitive, writeOnly },
    deprecated: attribute.deprecated !== undefined,
    ...(nested
      ? { nestedType: { nesting: nestings[nested.nesting], attributes: encodeAttributes(nested.attributes) } }
      : { type: Buffer.from(JSON.stringify(attribute.type ?? "dynamic")) }),
  };
}
