import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from "vitest";
import { serveInProcess, type ServedProvider } from "../../../../lib/provider/serve/serve-in-process.ts";
import { TerraformProject } from "../../../fixtures/provider/terraform-project.ts";
import { emptyBench, workbenchProvider } from "../../../fixtures/provider/workbench.ts";

const bench = emptyBench();
let served: ServedProvider;
let project: TerraformProject;

beforeAll(async () => {
  served = await serveInProcess(workbenchProvider(bench));
});

afterAll(async () => await served.close());

beforeEach(async () => {
  bench.things.clear();
  bench.heard.length = 0;
  project = await TerraformProject.create({ TF_REATTACH_PROVIDERS: served.reattach });
});

afterEach(async () => await project.remove());

const header = `
  terraform {
    required_providers {
      bench = { source = "example.test/acme/bench" }
    }
  }
  provider "bench" {}
`;

/** Writes a configuration with one thing, and whatever else. */
async function write(attributes: string, more = ""): Promise<void> {
  await project.write(`${header}\nresource "bench_thing" "one" {\n${attributes}\n}\n${more}`);
}

const everything = `
  name     = "one"
  memory   = "2GiB"
  ratio    = 12345678901234567890.0123456789
  tags     = { "a b" = "c", "__proto__" = "kept" }
  counts   = [1, 2.5, -3]
  words    = ["b", "a", "b"]
  pair     = [["x", true]]
  nics     = [{ network = "front" }, { network = "back", mac = "52:54:00:00:00:09", secret = "hush-nic" }]
  ports    = { ssh = { guest = 22 }, web = { guest = 80, host = 8080 } }
  rules    = [{ port = 1 }, { port = 2, note = "two" }]
  settings = { level = 3 }
  anything = { a = [1, "x"], b = 9007199254740993 }
  secret   = "hush-state"
  password = "hush-nowhere"
`;

test("an attribute of every kind: created, planned empty, updated, replaced, destroyed", async () => {
  await write(everything);
  await project.apply();
  expect(await project.planExitCode()).toBe(0);
  const made = await project.stateOf("bench_thing.one");
  expect(made).toMatchObject({
    size: 10,
    generation: 1,
    words: ["a", "b"],
    rules: [
      { note: "-", port: 1 },
      { note: "two", port: 2 },
    ],
  });
  expect(made).toMatchObject({
    nics: [
      { mac: "52:54:00:00:00:00", secret: null },
      { mac: "52:54:00:00:00:09", secret: null },
    ],
  });
  const file = await readFile(join(project.directory, "terraform.tfstate"), "utf8");
  expect(file).toContain("12345678901234567890.0123456789");
  expect(file).toContain("9007199254740993");
  expect(file).not.toMatch(/hush-n/);
  expect(bench.heard).toEqual(["hush-nowhere"]);

  // Another writing of the same memory is no change; a larger size is one in place.
  await write(everything.replace("2GiB", "2gib"));
  expect(await project.planExitCode()).toBe(0);
  await write(`${everything}\n size = 20`);
  expect(await project.apply()).toContain("0 added, 1 changed, 0 destroyed");
  expect(await project.stateOf("bench_thing.one")).toMatchObject({ size: 20, generation: 2, id: made?.["id"], note: "changed" });
  expect(await project.planExitCode()).toBe(0);

  await write(`${everything}\n size = 15`);
  expect(await project.apply()).toContain("1 added, 0 changed, 1 destroyed");
  expect((await project.stateOf("bench_thing.one"))?.["id"]).not.toBe(made?.["id"]);
  // Inside a map, too.
  await write(`${everything.replace("guest = 22", "guest = 23")}\n size = 15`);
  expect(await project.succeed("plan", "-no-color")).toContain("# forces replacement");
  await project.destroy();
  expect(bench.things.size).toBe(0);
});

test("values that are known only when they are applied", async () => {
  const data = `resource "terraform_data" "late" { input = "late" }`;
  await write(
    'name = "one"\n memory = "pre-${terraform_data.late.output}"\n nics = [{ network = terraform_data.late.output }]\n anything = terraform_data.late.output\n tags = { a = terraform_data.late.id }',
    data,
  );
  await project.apply();
  expect(await project.stateOf("bench_thing.one")).toMatchObject({ memory: "pre-late", nics: [{ network: "late" }], anything: "late" });
  expect(await project.planExitCode()).toBe(0);
});

test("drift is seen and healed; what is gone is made again", async () => {
  await write(`name = "one"\n memory = "1GiB"`);
  await project.apply();
  const [[id, thing] = ["", undefined]] = bench.things;
  if (!thing) throw new Error("nothing was made");
  bench.things.set(id, { ...thing, memory: "5GiB" });
  expect(await project.planExitCode()).toBe(2);
  await project.apply();
  expect(bench.things.get(id)).toMatchObject({ memory: "1GiB" });
  bench.things.clear();
  expect(await project.apply()).toContain("1 added");
});

test("import by id, with an empty plan afterwards; nothing by another id", async () => {
  await write(`name = "one"\n size = 3`);
  await project.apply();
  const [id = ""] = bench.things.keys();
  await project.succeed("state", "rm", "bench_thing.one");
  const wrong = await project.run("import", "-no-color", "bench_thing.one", "thing-0");
  expect(wrong).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("Cannot import non-existent remote object") as string });
  await project.succeed("import", "bench_thing.one", id);
  expect(await project.planExitCode()).toBe(0);
});

test("a moved block takes over the state of another type", async () => {
  await write(`name = "moved"`);
  await project.apply();
  const [id = ""] = bench.things.keys();
  await project.succeed("state", "rm", "bench_thing.one");
  await project.write(`${header}\nresource "terraform_data" "before" { input = "${id}" }`);
  await project.apply();
  await write(`name = "moved"`, "moved {\n from = terraform_data.before\n to = bench_thing.one\n}");
  expect(await project.apply()).toContain("0 added, 0 changed, 0 destroyed");
  expect(await project.stateOf("bench_thing.one")).toMatchObject({ id, name: "moved" });
});

test("a state of an older version is upgraded; one of a newer is refused", async () => {
  await write(`name = "one"\n size = 20`);
  await project.apply();
  const { readStateFile, writeStateFile } = stateFile();
  const state = await readStateFile();
  const [instance] = state.resources[0]?.instances ?? [];
  if (!instance) throw new Error("no instance in the state");
  const { name, size: _, ...attributes } = instance.attributes;
  Object.assign(instance, { schema_version: 0, attributes: { ...attributes, title: name, size_text: "20 GiB", gone: 1 } });
  await writeStateFile(state);
  expect(await project.planExitCode()).toBe(0);

  Object.assign(instance, { schema_version: 3 });
  await writeStateFile(state);
  expect(await project.run("plan", "-no-color")).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("newer provider version") as string,
  });
});

function stateFile() {
  const path = join(project.directory, "terraform.tfstate");
  interface Instance {
    attributes: Record<string, unknown>;
  }
  return {
    readStateFile: async () => JSON.parse(await readFile(path, "utf8")) as { serial: number; resources: { instances: Instance[] }[] },
    writeStateFile: async (state: { serial: number }) => {
      const { writeFile } = await import("node:fs/promises");
      state.serial += 1;
      await writeFile(path, JSON.stringify(state));
    },
  };
}

test("a create that fails after its effect keeps the object, tainted; one that fails before keeps nothing", async () => {
  await write(`name = "one"\n fault = "create"`);
  const nothing = await project.run("apply", "-auto-approve", "-no-color");
  expect(nothing.stderr).toContain("The provider failed to create bench_thing: nothing was made");
  expect(await project.stateOf("bench_thing.one")).toBe(undefined);

  await write(`name = "one"\n fault = "create-after-save"`);
  const failed = await project.run("apply", "-auto-approve", "-no-color");
  expect(failed.stderr).toContain("it was made, but does not work");
  const [id] = bench.things.keys();
  expect(await project.stateOf("bench_thing.one")).toMatchObject({ id, name: "one", tainted: true });
  await write(`name = "one"`);
  expect(await project.apply()).toContain("1 added, 0 changed, 1 destroyed");
  expect(bench.things.size).toBe(1);
});

test("an update or a delete that fails keeps the state as it was", async () => {
  await write(`name = "one"`);
  await project.apply();
  const before = await project.stateOf("bench_thing.one");
  await write(`name = "one"\n size = 30\n fault = "update"`);
  expect((await project.run("apply", "-auto-approve", "-no-color")).stderr).toContain("it stays as it was");
  expect(await project.stateOf("bench_thing.one")).toEqual(before);

  await write(`name = "one"\n fault = "delete"`);
  await project.apply();
  expect((await project.run("destroy", "-auto-approve", "-no-color")).stderr).toContain("it does not go away");
  expect(await project.stateOf("bench_thing.one")).toMatchObject({ id: before?.["id"] });
});

test("Ctrl-C once stops a create, and what was made is kept", async () => {
  await write(`name = "one"\n fault = "hang"`);
  const run = project.start("apply", "-auto-approve", "-no-color");
  await expect.poll(() => bench.things.size, { timeout: 20_000 }).toBe(1);
  run.interrupt();
  const { exitCode, stderr } = await run.finished;
  expect(exitCode).toBe(1);
  expect(stderr).toContain("Stopped: could not create bench_thing: Terraform was interrupted");
  const [id] = bench.things.keys();
  expect(await project.stateOf("bench_thing.one")).toMatchObject({ id, tainted: true });
});

test("a create that takes longer than its timeout is stopped, and what was made is kept", async () => {
  await write(`name = "one"\n fault = "hang"\n timeouts = { create = "300ms" }`);
  const { stderr } = await project.run("apply", "-auto-approve", "-no-color");
  expect(stderr).toContain("it took longer than 0.3 s");
  expect(await project.stateOf("bench_thing.one")).toMatchObject({ tainted: true });
  // Another time limit alone is no change of the object, but of what the state says.
  await write(`name = "one"\n timeouts = { create = "bad" }`);
  expect((await project.run("plan", "-no-color")).stderr).toContain('expected a duration such as 90s or 10m, got "bad"');
});

test("what is protected is refused at plan, also where it would be replaced", async () => {
  await write(`name = "one"\n protect = true`);
  await project.apply();
  expect((await project.run("plan", "-destroy", "-no-color")).stderr).toContain("one is protected");
  await write(`name = "two"\n protect = true`);
  expect((await project.run("plan", "-no-color")).stderr).toContain("one is protected");
  await write(`name = "one"`);
  await project.apply();
  await project.destroy();
});

test("errors and warnings point at the line that is wrong", async () => {
  await write(`name = "one"\n size = 13\n memory = "1GiB"\n old = "x"`);
  const { stderr, stdout } = await project.run("validate", "-no-color");
  expect(stderr).toMatch(/a size of 13 has no memory[\s\S]+on main\.tf line \d+, in resource "bench_thing" "one":\n.*memory = "1GiB"/);
  expect(stderr + stdout).toContain("Use `memory`.");
  await write(`name = "${"n".repeat(61)}"`);
  expect((await project.run("validate", "-no-color")).stderr).toContain("expected at most 60 characters");
});

test("data sources are read, and say what is not there", async () => {
  await write(`name = "one"`, 'data "bench_thing" "it" { id = bench_thing.one.id }\noutput "name" { value = data.bench_thing.it.name }');
  await project.apply();
  expect(await project.succeed("output", "-raw", "name")).toBe("one");
  await project.write(`${header}\ndata "bench_thing" "it" { id = "thing-0" }`);
  expect((await project.run("plan", "-no-color")).stderr).toContain("there is no thing thing-0");
});

test("values of 7 MB pass", async () => {
  const secret = `join("", [for i in range(1024) : "${"x".repeat(7 * 1024)}"])`;
  await project.write(`${header}\nresource "bench_thing" "one" {\n name = "one"\n secret = ${secret}\n}`);
  await project.apply();
  expect(await project.planExitCode()).toBe(0);
});
