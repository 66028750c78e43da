import { expect, test } from "vitest";
import type { Attribute, Attributes } from "../../lib/provider/framework/attribute.ts";
import { terrariumProvider } from "../../lib/provider/resources/provider.ts";
import { synthesizeLab } from "../../stacks/synthesize-lab.ts";
import { exampleLab } from "./example-lab.ts";

// Terraform's own, allowed in every resource and provider block.
const metaArguments = new Set(["//", "provider", "alias", "depends_on", "lifecycle"]);

/** Every difference between what is emitted and what the provider's schema has: unknown keys, other types, required ones that are missing, computed ones that are set. */
function objectDifferences(value: unknown, attributes: Attributes, path: string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${path} must be an object`];
  const missing = Object.entries(attributes).filter(([key, { required }]) => required && !Object.hasOwn(value, key));
  return [
    ...missing.map(([key]) => `${path}.${key} is missing`),
    ...Object.entries(value).flatMap(([key, item]) => {
      const attribute = attributes[key];
      if (!attribute) return [`${path}.${key} is no key of the provider`];
      if (!attribute.required && !attribute.optional) return [`${path}.${key} is the provider's to say`];
      return attributeDifferences(item, attribute, `${path}.${key}`);
    }),
  ];
}

function attributeDifferences(value: unknown, { type, nested }: Attribute, path: string): string[] {
  if (type !== undefined) return typeDifferences(value, type, path);
  if (!nested) return [];
  const { nesting, attributes } = nested;
  if (nesting === "single") return objectDifferences(value, attributes, path);
  return elements(value, nesting === "map", path, (item, at) => objectDifferences(item, attributes, at));
}

function typeDifferences(value: unknown, type: unknown, path: string): string[] {
  if (Array.isArray(type)) return elements(value, type[0] === "map", path, (item, at) => typeDifferences(item, type[1], at));
  // A reference becomes a value of the right type, or Terraform says so.
  if (typeof value === "string" && value.includes("${")) return [];
  const expected = { string: "string", number: "number", bool: "boolean" }[String(type)];
  return typeof value === expected ? [] : [`${path} is ${JSON.stringify(value)} and must be ${JSON.stringify(type)}`];
}

function elements(value: unknown, map: boolean, path: string, check: (item: unknown, path: string) => string[]): string[] {
  if (Array.isArray(value) === map || typeof value !== "object" || value === null) return [`${path} must be a ${map ? "map" : "list"}`];
  return Object.entries(value).flatMap(([key, item]) => check(item, `${path}[${key}]`));
}

function withoutMeta(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !metaArguments.has(key)));
}

const schemas = new Map(terrariumProvider.resources.map(({ type, schema }) => [type, schema]));

test.each(["kvm", "virtualbox"] as const)("every emitted key and type is one that our own provider knows, for %s", (hypervisor) => {
  const { terraformJson, diagnostics } = synthesizeLab({ ...exampleLab, provider: "terrarium", hypervisor });
  expect(diagnostics).toEqual([]);
  const { resource, provider } = JSON.parse(terraformJson ?? "") as {
    resource: Record<string, Record<string, Record<string, unknown>>>;
    provider: { terrarium: Record<string, unknown>[] };
  };
  const emitted = Object.entries(resource).filter(([type]) => type.startsWith("terrarium_"));
  expect(emitted).toHaveLength(4);
  const found = [
    ...emitted.flatMap(([type, byName]) =>
      Object.entries(byName).flatMap(([name, attributes]) =>
        objectDifferences(withoutMeta(attributes), schemas.get(type) ?? {}, `${type}.${name}`),
      ),
    ),
    ...provider.terrarium.flatMap((block) => objectDifferences(withoutMeta(block), terrariumProvider.schema, "provider")),
  ];
  expect(found).toEqual([]);
});

test("the check itself finds an unknown key, a wrong type, a missing key and one that is not ours to set", () => {
  const wrong = { nam: "x", mode: 1, reservations: { a: { mac: "m", address: "a", nam: "x" } }, records: ["a"], id: "x" };
  expect(objectDifferences(wrong, schemas.get("terrarium_network") ?? {}, "n")).toEqual([
    "n.name is missing",
    "n.nam is no key of the provider",
    'n.mode is 1 and must be "string"',
    "n.reservations[a].nam is no key of the provider",
    "n.records must be a map",
    "n.id is the provider's to say",
  ]);
});
