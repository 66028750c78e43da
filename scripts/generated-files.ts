import { Ajv2020 } from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";
import { build } from "esbuild";
import { compile, type JSONSchema } from "json-schema-to-typescript";
import { lab } from "../schemas/lab/lab.ts";
import { review } from "../schemas/review/review.ts";
import { cloudInitSchemas } from "./cloud-init-schemas.ts";
import { commandReference } from "./command-reference.ts";
import { providerReference } from "./provider-reference.ts";
import { referencePages } from "./reference.ts";
import type { Schema } from "../schemas/lab/value.ts";

/** A file that is made from the schema, with the text it must have. Paths are relative to the project. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** Makes all of them, in memory: `npm run generate` writes them, the drift test compares. */
export async function generatedFiles(): Promise<GeneratedFile[]> {
  return [
    { path: "schemas/lab.schema.json", text: `${JSON.stringify(lab, null, 2)}\n` },
    { path: "schemas/review.schema.json", text: `${JSON.stringify(review, null, 2)}\n` },
    { path: "schemas/generated/written-lab.ts", text: await types() },
    { path: "schemas/generated/validate-lab.js", text: await validator() },
    { path: "schemas/generated/validate-lab.d.ts", text: validatorTypes },
    cloudInitSchemas(),
    ...referencePages(),
    commandReference(),
    ...providerReference(),
  ];
}

async function types(): Promise<string> {
  return await compile(forTypes(lab), "WrittenLab", {
    bannerComment: "// Made by `npm run generate` from schemas/lab. Do not edit.",
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    style: { printWidth: 140 },
  });
}

/** The same schema as the type generator wants it: scalars without names of their own, defaults in the descriptions, shared settings inherited. */
function forTypes(schema: Schema): JSONSchema {
  const root = sayDefaults(structuredClone(schema)) as JSONSchema & { $defs: Record<string, JSONSchema> };
  const shared = Object.keys(root.$defs["defaults"]?.properties ?? {});
  for (const noun of ["profile", "sandbox"]) {
    const properties = root.$defs[noun]?.properties ?? {};
    for (const key of shared) delete properties[key];
    root.$defs[noun] = Object.assign({}, root.$defs[noun], { extends: { $ref: "#/$defs/defaults" } });
  }
  return root;
}

const scalars = ["label", "reference", "size", "duration"];

function sayDefaults(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(sayDefaults);
  if (typeof node !== "object" || node === null) return node;
  const copy: Record<string, unknown> = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, sayDefaults(value)]));
  if (typeof copy["$ref"] === "string" && scalars.some((name) => copy["$ref"] === `#/$defs/${name}`)) {
    delete copy["$ref"];
    copy["type"] = "string";
  } else if (typeof copy["$ref"] === "string") {
    delete copy["description"];
  }
  if (typeof copy["description"] === "string" && "default" in copy)
    copy["description"] += `\n\n@default ${JSON.stringify(copy["default"])}`;
  // Rules between keys are the validator's; as types they would only be intersections with `{}`.
  if ("properties" in copy) for (const keyword of ["oneOf", "not"]) delete copy[keyword];
  return copy;
}

async function validator(): Promise<string> {
  const ajv = new Ajv2020({ allErrors: true, strict: false, verbose: true, code: { source: true, esm: true } });
  const source = standaloneCode.default(ajv, ajv.compile(lab));
  // The standalone code still writes `require("ajv/dist/runtime/…")` (ajv issue 2209): the bundle carries those few functions.
  const bundle = await build({
    stdin: { contents: source, resolveDir: process.cwd(), loader: "js" },
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
    minifyWhitespace: true,
    banner: { js: "// Made by `npm run generate` from schemas/lab. Do not edit." },
  });
  return bundle.outputFiles[0]?.text ?? "";
}

const validatorTypes = `// Made by \`npm run generate\` from schemas/lab. Do not edit.
import type { ErrorObject } from "ajv";
import type { WrittenLab } from "./written-lab.ts";

/** Checks a lab as written against the schema; all findings are in \`errors\`. */
declare const validate: {
  (data: unknown): data is WrittenLab;
  errors?: ErrorObject[] | null;
};
export default validate;
`;
