import { execa } from "execa";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packPackage, type PackedPackage } from "../../../fixtures/packed-project.ts";

let packed: PackedPackage;
let project: string;
beforeAll(async () => {
  packed = await packPackage();
  project = await packed.makeProject([]);
}, 600_000);
afterAll(async () => await packed?.remove());

test("installed from its tarball alone, the command runs", async () => {
  const manifest = JSON.parse(await readFile(join(project, "node_modules/terrarium-labs/package.json"), "utf8")) as { version: string };
  const { stdout } = await execa("npx", ["--no-install", "terrarium", "--version"], { cwd: project });
  expect(stdout).toBe(manifest.version);
  const help = await execa("npx", ["--no-install", "terrarium", "--help"], { cwd: project });
  expect(help.stdout).toContain("apply [options] [file]");
});

test("npm installs no CDK for Terraform by itself", async () => {
  const installed = await readdir(join(project, "node_modules"));
  for (const name of ["cdktf", "cdktn", "constructs"]) expect(installed).not.toContain(name);
});

test("--help loads neither CDK for Terraform nor anything else of a command", async () => {
  const coverage = await mkdtemp(join(tmpdir(), "terrarium-coverage-"));
  try {
    await execa("node", [join(project, "node_modules/terrarium-labs/dist/bin/terrarium.js"), "--help"], {
      env: { NODE_V8_COVERAGE: coverage },
    });
    const files = await readdir(coverage);
    const loaded = await Promise.all(files.map(async (file) => JSON.parse(await readFile(join(coverage, file), "utf8")) as Coverage));
    const ours = loaded.flatMap(({ result }) => result.map(({ url }) => url)).filter((url) => url.includes("/dist/bin/"));
    expect(ours.length).toBeGreaterThan(0);
    const texts = await Promise.all(ours.map(async (url) => await readFile(fileURLToPath(url), "utf8")));
    expect(texts.join("").includes("TerraformStack")).toBe(false);
    expect(texts.join("").length).toBeLessThan(300_000);
  } finally {
    await rm(coverage, { recursive: true, force: true });
  }
});

test("the package holds what runs, its types and the schema, and no source", async () => {
  const { stdout } = await execa("tar", ["-tzf", packed.tarball]);
  const files = stdout.split("\n");
  for (const file of [
    "dist/bin/terrarium.js",
    "dist/bin/connect.js",
    "dist/lib/index.js",
    "dist/lib/index.d.ts",
    "schemas/lab.schema.json",
  ]) {
    expect(files).toContain(`package/${file}`);
  }
  expect(files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))).toEqual([]);
});

/** What NODE_V8_COVERAGE writes. */
interface Coverage {
  readonly result: readonly { readonly url: string }[];
}
