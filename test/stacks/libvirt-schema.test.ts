import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { synthesizeLab } from "../../stacks/synthesize-lab.ts";
import { exampleLab } from "./example-lab.ts";

type Type = string | readonly unknown[] | { readonly nesting: string; readonly attributes: Attributes };
type Attributes = { readonly [name: string]: Type };

const schema = JSON.parse(readFileSync(join(import.meta.dirname, "../fixtures/libvirt-schema/libvirt-0.9.7.json"), "utf8")) as {
  readonly resources: { readonly [type: string]: Attributes };
};

// Terraform's own, allowed in every resource.
const metaArguments = new Set(["//", "provider", "depends_on", "lifecycle", "count"]);

/** Every difference between a value and its type: the provider drops what it does not know without a word. */
function differences(value: unknown, type: Type | undefined, path: string): string[] {
  if (type === undefined) return [`${path} is no key of the provider`];
  if (typeof type === "object" && "nesting" in type) {
    if (type.nesting === "single") return objectDifferences(value, type.attributes, path);
    if (!Array.isArray(value)) return [`${path} must be a list`];
    return value.flatMap((item, index) => objectDifferences(item, type.attributes, `${path}[${index}]`));
  }
  // A reference becomes a value of the right type, or Terraform says so.
  if (typeof value === "string" && value.includes("${")) return [];
  const expected = { string: "string", number: "number", bool: "boolean" }[String(type)];
  return typeof value === expected ? [] : [`${path} is ${JSON.stringify(value)} and must be ${JSON.stringify(type)}`];
}

function objectDifferences(value: unknown, attributes: Attributes, path: string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${path} must be an object`];
  return Object.entries(value).flatMap(([key, item]) => differences(item, attributes[key], `${path}.${key}`));
}

test("every emitted key and type is one that dmacvicar/libvirt 0.9.7 knows", () => {
  const { terraformJson, diagnostics } = synthesizeLab(exampleLab);
  expect(diagnostics).toEqual([]);
  const { resource } = JSON.parse(terraformJson ?? "") as { resource: Record<string, Record<string, Record<string, unknown>>> };
  const emitted = Object.entries(resource).filter(([type]) => type.startsWith("libvirt_"));
  expect(emitted.map(([type]) => type).toSorted()).toEqual(["libvirt_domain", "libvirt_network", "libvirt_pool", "libvirt_volume"]);
  const found = emitted.flatMap(([type, byName]) =>
    Object.entries(byName).flatMap(([name, attributes]) => {
      const own = Object.fromEntries(Object.entries(attributes).filter(([key]) => !metaArguments.has(key)));
      return objectDifferences(own, schema.resources[type] ?? {}, `${type}.${name}`);
    }),
  );
  expect(found).toEqual([]);
});

test("the check itself finds an unknown key, a wrong type and a missing list", () => {
  const attributes = schema.resources["libvirt_network"] ?? {};
  const wrong = { nam: "x", autostart: "yes", bridge: { name: "b", stpp: "on" }, ips: { address: "10.0.0.1" } };
  expect(objectDifferences(wrong, attributes, "n")).toEqual([
    "n.nam is no key of the provider",
    'n.autostart is "yes" and must be "bool"',
    "n.bridge.stpp is no key of the provider",
    "n.ips must be a list",
  ]);
});
