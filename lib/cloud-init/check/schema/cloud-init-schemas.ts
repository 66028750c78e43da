import {
  cloudConfigSchemaText,
  networkConfigV1SchemaText,
  networkConfigV2SchemaText,
} from "../../../../schemas/generated/cloud-init-schemas.ts";
import type { Schema } from "./evaluate-schema.ts";

export type SchemaName = "cloud-config" | "network-config-v1" | "network-config-v2";

const texts: Readonly<Record<SchemaName, string>> = {
  "cloud-config": cloudConfigSchemaText,
  "network-config-v1": networkConfigV1SchemaText,
  "network-config-v2": networkConfigV2SchemaText,
};

const parsed = new Map<SchemaName, Schema>();

/** cloud-init's own schema. Parsed when it is first asked for: most commands check nothing. */
export function cloudInitSchema(name: SchemaName): Schema {
  const known = parsed.get(name);
  if (known) return known;
  const schema = JSON.parse(texts[name]) as Schema;
  parsed.set(name, schema);
  return schema;
}
