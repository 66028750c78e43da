import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { Config } from "../../../../lib/cloud-init/check/config.ts";
import { evaluateSchema, type Schema } from "../../../../lib/cloud-init/check/schema/evaluate-schema.ts";
import { readCloudConfig } from "../../../../lib/cloud-init/read-cloud-config.ts";
import { tabRule } from "../../../../lib/cloud-init/check/rules/tab.ts";
import { askPython } from "./cloud-init.ts";

interface Answer {
  readonly schema: Schema;
  readonly verdicts: readonly { readonly valid: boolean | null; readonly why: string }[];
}

const newest = JSON.parse(
  readFileSync(new URL("../../../../schemas/cloud-init/schema-cloud-config-v1.json", import.meta.url), "utf8"),
) as Schema;

function ask(texts: readonly string[], schema?: Schema): Answer {
  return askPython("judge_schema.py", { texts, schema }) as Answer;
}

/** Our verdict on the same question: can it be read, and does the schema accept it. */
function accepts(text: string, schema: Schema): boolean {
  if (tabRule.checkPart({ kind: "cloud-config", name: "text", text, place: () => undefined }).length > 0) return false;
  const read = readCloudConfig(text);
  return !("problem" in read) && new Config({ value: read.value, schema, version: "26.2" }).evaluation.violations.length === 0;
}

/** Values as the schema wants them, mostly: every keyword that shapes a value is followed, and sometimes is not. */
function valueOf(root: Schema, schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const wrong = fc.constantFrom<unknown>("text", "", 7, -1, 1.5, true, null, [], ["a"], ["a", "a"], {}, { a: 1 }, "2030-12-31", "10M", [
    [],
  ]);
  return fc.oneof({ weight: 60, arbitrary: rightValueOf(root, schema, depth) }, { weight: 1, arbitrary: wrong });
}

function rightValueOf(root: Schema, schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const {
    $ref,
    enum: allowed,
    oneOf,
    anyOf,
    allOf,
    type,
    properties,
    items,
    required = [],
    minItems = 0,
    pattern,
    format,
  } = schema as {
    readonly [key: string]: never;
  } & {
    readonly $ref?: string;
    readonly enum?: unknown[];
    readonly oneOf?: Schema[];
    readonly anyOf?: Schema[];
    readonly allOf?: Schema[];
    readonly type?: string | string[];
    readonly properties?: Record<string, Schema>;
    readonly patternProperties?: Record<string, Schema>;
    readonly items?: Schema;
    readonly required?: string[];
    readonly minItems?: number;
    readonly pattern?: string;
    readonly format?: string;
  };
  if ($ref !== undefined) return rightValueOf(root, (root["$defs"] as Record<string, Schema>)[$ref.replace("#/$defs/", "")] ?? {}, depth);
  if (Array.isArray(allowed)) return fc.constantFrom(...allowed);
  const forms = oneOf ?? anyOf;
  if (forms && !properties) return fc.oneof(...forms.map((form) => valueOf(root, { type, ...form }, depth)));
  if (allOf && !properties) return rightValueOf(root, allOf.at(-1) ?? {}, depth);
  switch (String([type].flat()[0])) {
    case "object": {
      if (depth === 0) return fc.constant({});
      const own = Object.entries({
        ...properties,
        ...Object.fromEntries(Object.values(schema["patternProperties"] ?? {}).map((one) => ["name1", one as Schema])),
      });
      const few = fc.subarray(own, { maxLength: Math.min(4, own.length) });
      return few.chain((chosen) => {
        const entries = new Map([...own.filter(([key]) => required.includes(key)), ...chosen]);
        return fc.record(Object.fromEntries([...entries].map(([key, one]) => [key, valueOf(root, one, depth - 1)])));
      });
    }
    case "array":
      return fc.array(valueOf(root, items ?? {}, depth - 1), { minLength: minItems, maxLength: minItems + 2 });
    case "integer":
    case "number":
      return fc.integer({ min: 0, max: 3000 });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      if (format === "date") return fc.constantFrom("2030-12-31", "2030-02-30");
      return pattern === undefined
        ? fc.constantFrom("web", "on", "0644", "http://example.test/a", "a: b", "22:22", "no")
        : fc.constantFrom("10M", "5", "a:b", "+5");
  }
}

/** Cloud-configs of one to four keys; some are damaged as text, as people damage it. */
function textsFrom(schema: Schema, count: number): string[] {
  const modules = Object.entries(schema["$defs"] as Record<string, Schema>).filter(([name]) => name.startsWith("cc_"));
  const properties = modules.flatMap(([, module]) => Object.entries((module["properties"] ?? {}) as Record<string, Schema>));
  const config = fc
    .uniqueArray(fc.constantFrom(...properties), { minLength: 1, maxLength: 4, selector: ([key]) => key })
    .chain((chosen) => fc.record(Object.fromEntries(chosen.map(([key, one]) => [key, valueOf(schema, one, 4)]))));
  const damage = fc.oneof(
    { weight: 12, arbitrary: fc.constant((text: string) => text) },
    // Quotes taken off: YAML 1.1 reads other types.
    { weight: 4, arbitrary: fc.constant((text: string) => text.replaceAll(/"(on|no|0644|22:22|2030-12-31|a: b)"/g, "$1")) },
    { weight: 1, arbitrary: fc.constant((text: string) => text.replace(/^ {2}/m, "\t")) },
    { weight: 1, arbitrary: fc.constant((text: string) => text.replace(/\n(?!$)/, "\t\n")) },
    { weight: 1, arbitrary: fc.constant((text: string) => text.replace(/^([a-z]+)_/m, "$1")) },
    { weight: 1, arbitrary: fc.constant((text: string) => `${text}unknown_key: 1\n`) },
  );
  const text = fc
    .tuple(config, damage)
    .map(([value, damaged]) =>
      damaged(
        `#cloud-config\n${stringify(value, { version: "1.1", lineWidth: 0, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", aliasDuplicateObjects: false })}`,
      ),
    );
  return fc.sample(text, { numRuns: count, seed: 20260 });
}

/**
 * Where verdicts may differ, and why:
 * - The judge itself fails (its verdict is null): a key that is no text, such as `on:` where the schema has patterns for keys.
 */
function disagreements(texts: readonly string[], schema: Schema, { verdicts }: Answer): unknown[] {
  return texts.flatMap((text, index) => {
    const verdict = verdicts[index];
    const ours = accepts(text, schema);
    return verdict?.valid === null || verdict?.valid === ours ? [] : [{ text, ours, verdict, violations: violationsOf(text, schema) }];
  });
}

function violationsOf(text: string, schema: Schema): unknown {
  const read = readCloudConfig(text);
  return "problem" in read
    ? read.problem
    : evaluateSchema(schema, read.value).violations.map(({ path, keyword }) => `${path.join(".")}: ${keyword}`);
}

test.each([
  ["of the release that is installed here", undefined],
  ["that we carry", newest],
])("1,000 generated cloud-configs: our verdict is that of cloud-init's validator, by the schema %s", (_which, schema) => {
  const own = schema ?? ask([]).schema;
  const texts = textsFrom(own, 1000);
  const answer = ask(texts, schema);
  const valid = answer.verdicts.filter((verdict) => verdict.valid).length;
  // Both verdicts have to be common, or agreeing says little.
  expect(valid).toBeGreaterThan(250);
  expect(valid).toBeLessThan(750);
  expect(answer.verdicts.filter((verdict) => verdict.valid === null).length).toBeLessThan(20);
  expect(disagreements(texts, own, answer)).toEqual([]);
});
