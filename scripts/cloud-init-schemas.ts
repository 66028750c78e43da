import { readFileSync } from "node:fs";
import { cloudInitSchemaVersion } from "../schemas/cloud-init/version.ts";

const folder = new URL("../schemas/cloud-init/", import.meta.url);

const sources = {
  cloudConfigSchemaText: "schema-cloud-config-v1.json",
  networkConfigV1SchemaText: "schema-network-config-v1.json",
  networkConfigV2SchemaText: "schema-network-config-v2.json",
};

/** What people read, and validators do not: two thirds of the text. */
const annotations = new Set(["$schema", "description", "default", "label", "hidden", "prefixItems", "additionalItems"]);
/** Under these, names are the document's, not the schema language's. */
const namesOfTheirOwn = new Set(["properties", "patternProperties", "$defs"]);

/** cloud-init's schemas as a module of texts. */
export function cloudInitSchemas(): { path: string; text: string } {
  const lines = Object.entries(sources).map(([name, file]) => {
    const schema: unknown = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
    return `export const ${name} =\n  ${JSON.stringify(JSON.stringify(slim(schema)))};`;
  });
  const header = [
    "// Made by `npm run generate` from schemas/cloud-init. Do not edit.",
    `// From cloud-init ${cloudInitSchemaVersion}, Copyright Canonical Ltd., used under the Apache License, Version 2.0; descriptions taken out.`,
  ];
  return { path: "schemas/generated/cloud-init-schemas.ts", text: `${[...header, ...lines].join("\n")}\n` };
}

function slim(node: unknown, names = false): unknown {
  if (Array.isArray(node)) return node.map((item) => slim(item));
  if (typeof node !== "object" || node === null) return node;
  const kept = Object.entries(node).filter(([key]) => names || !annotations.has(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, slim(value, !names && namesOfTheirOwn.has(key))]));
}
