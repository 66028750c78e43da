import fc from "fast-check";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Attributes } from "../../../../lib/provider/framework/attribute.ts";
import { fullSchema } from "../../../../lib/provider/framework/lifecycle/timeouts.ts";
import { cell, type Row } from "../../../../lib/provider/framework/schema-type.ts";
import { BigNumber, Dynamic, type Value } from "../../../../lib/provider/framework/value.ts";
import { serveInProcess } from "../../../../lib/provider/serve/serve-in-process.ts";
import { anyConfiguration, resolveUnknowns } from "../../../fixtures/provider/arbitrary-values.ts";
import { TerraformProject } from "../../../fixtures/provider/terraform-project.ts";
import { emptyBench, thing, workbenchProvider } from "../../../fixtures/provider/workbench.ts";

const attributes: Attributes = fullSchema(thing);
const count = 40;
const seed = Date.now() % 1_000_000;

/** The JSON syntax of Terraform's language. Numbers beyond JavaScript's are marked, and become numbers in the text. */
function toTerraform(value: Value): unknown {
  if (typeof value === "string") return value.replaceAll("${", "$${").replaceAll("%{", "%%{");
  if (value instanceof BigNumber) return `<number ${value.text}>`;
  if (value instanceof Dynamic) return toTerraform(value.value);
  if (Array.isArray(value)) return (value as readonly Value[]).map(toTerraform);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [String(toTerraform(key)), toTerraform(item as Value)]));
}

function configurationOf(rows: readonly Row[]): string {
  const resources = rows.map((row, index) => [
    `thing-${index}`,
    Object.fromEntries(Object.keys(attributes).flatMap((name) => (cell(row, name) === null ? [] : [[name, toTerraform(cell(row, name))]]))),
  ]);
  const document = {
    terraform: { required_providers: { bench: { source: "example.test/acme/bench" } } },
    provider: { bench: {} },
    resource: { bench_thing: Object.fromEntries(resources) as object },
  };
  return JSON.stringify(document).replace(/"<number ([^>]+)>"/g, "$1");
}

/** What Terraform's own language takes: NUL is no character of it. */
const usable = (row: Row) => !JSON.stringify(toTerraform(row)).includes("\\u0000") && cell(row, "size") !== 13;

const configuration = anyConfiguration(attributes, {
  fault: fc.constant(null),
  protect: fc.constantFrom(null, false),
  timeouts: fc.constant(null),
}).map((row) => resolveUnknowns(attributes, row, 1));

test(`${2 * count} random configurations through Terraform: applied, planned empty, changed, planned empty, destroyed (seed ${seed})`, async () => {
  const bench = emptyBench();
  const served = await serveInProcess(workbenchProvider(bench));
  const project = await TerraformProject.create({ TF_REATTACH_PROVIDERS: served.reattach });
  try {
    const rows = fc.sample(configuration.filter(usable), { seed, numRuns: 2 * count });
    for (const part of [rows.slice(0, count), rows.slice(count)]) {
      await writeFile(join(project.directory, "main.tf.json"), configurationOf(part));
      await project.apply();
      expect(await project.planExitCode()).toBe(0);
    }
    await project.destroy();
    expect(bench.things.size).toBe(0);
  } finally {
    await project.remove();
    await served.close();
  }
});
