import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DiagnosticError } from "../../../../lib/diagnostics/diagnostic-error.ts";
import { waitForRunningTerraform, type RunState } from "../../../../lib/terraform/running.ts";
import { Duration } from "../../../../lib/units/duration.ts";
import { configure, createDirectory, createTerraform, pidOf, processesIn, provisioned, startOwner, waitFor } from "./workshop.ts";

/** A resource that takes as long as the test wants, and one after it. */
const gated = {
  resource: {
    terraform_data: {
      first: provisioned("echo working; while [ ! -e open ]; do sleep 0.05; done"),
      second: { depends_on: ["terraform_data.first"] },
    },
  },
};

async function diagnose(promise: Promise<unknown>): Promise<unknown> {
  const error: unknown = await promise.catch((failure: unknown) => failure);
  return error instanceof DiagnosticError ? error.diagnostics : error;
}

test("after a kill -9 of Terrarium its Terraform finishes, and the next run waits for it and loses nothing", async () => {
  const directory = await createDirectory(gated);
  const terraform = await createTerraform(directory);
  await terraform.init();
  const owner = await startOwner(directory);
  owner.kill("SIGKILL");
  await waitFor(async () => owner.signalCode !== null);

  expect(await diagnose(terraform.plan())).toMatchObject([{ code: "TERRAFORM_BUSY", summary: expect.stringContaining("apply") }]);
  expect(await diagnose(waitForRunningTerraform(directory, { timeout: Duration.milliseconds(200) }))).toMatchObject([
    { code: "TERRAFORM_BUSY", nextStep: expect.stringContaining("The Terrarium that started it is gone") },
  ]);

  const waits: RunState[] = [];
  const waiting = waitForRunningTerraform(directory, { onWait: (run) => waits.push(run) });
  await waitFor(async () => waits.length > 0);
  await writeFile(join(directory, "open"), "");
  expect(await waiting).toMatchObject({ command: "apply", terraform: { pid: expect.any(Number) } });
  expect(waits).toMatchObject([{ terraformAlive: true, ownerAlive: false, record: { command: "apply" } }]);

  expect(await terraform.plan()).toMatchObject({ ok: true, hasChanges: false });
  expect(await readFile(join(directory, "logs", "terraform-apply.jsonl"), "utf8")).toMatch(/Apply complete! Resources: 2 added/);
  expect((await readdir(directory)).filter((name) => name.includes("terraform.run"))).toEqual([]);
});

test("after a kill -9 of Terrarium and of its Terraform the next run starts at once and ends what they left", async () => {
  const directory = await createDirectory(gated);
  const terraform = await createTerraform(directory);
  await terraform.init();
  const owner = await startOwner(directory);
  owner.kill("SIGKILL");
  process.kill((await pidOf(directory, "terraform")) ?? 0, "SIGKILL");
  await waitFor(async () => (await pidOf(directory, "terraform")) === undefined && owner.signalCode !== null);
  expect(await readdir(directory)).toContain(".terraform.tfstate.lock.info");
  expect((await processesIn(directory)).length).toBeGreaterThan(0);

  await writeFile(join(directory, "open"), "");
  expect(await terraform.apply()).toMatchObject({ ok: true, summary: { add: 2 } });
  expect(await processesIn(directory)).toEqual([]);
  expect(await readdir(directory)).not.toContain(".terraform.tfstate.lock.info");
});

test("waiting says nothing and returns nothing where nobody runs", async () => {
  const waits: RunState[] = [];
  expect(await waitForRunningTerraform(await createDirectory(), { onWait: (run) => waits.push(run) })).toBeUndefined();
  expect(waits).toEqual([]);
});

test("two applies at once: the second is told who is first, and the first finishes", async () => {
  const directory = await createDirectory(gated);
  const [one, two] = [await createTerraform(directory), await createTerraform(directory)];
  await one.init();
  const first = one.apply();
  await waitFor(async () => (await pidOf(directory, "sleep")) !== undefined);
  expect(await diagnose(two.apply())).toMatchObject([
    { code: "TERRAFORM_BUSY", summary: expect.stringContaining(`another Terraform works in ${directory}: apply, process`) },
  ]);
  await writeFile(join(directory, "open"), "");
  expect(await first).toMatchObject({ ok: true, summary: { add: 2 } });
});

test("a Terraform that somebody else runs by hand holds the state's lock", async () => {
  const directory = await createDirectory(gated);
  const other = await createDirectory(gated);
  // The same state from two working directories: no record tells of the other.
  const shared = { ...gated, terraform: { backend: { local: { path: join(directory, "shared.tfstate") } } } };
  await configure(directory, shared);
  await configure(other, shared);
  const [one, two] = [await createTerraform(directory), await createTerraform(other)];
  await one.init();
  await two.init();
  const first = one.apply();
  await waitFor(async () => (await pidOf(directory, "sleep")) !== undefined);
  expect(await two.plan()).toMatchObject({
    ok: false,
    diagnostics: [{ diagnostic: { code: "STATE_LOCKED", summary: expect.stringMatching(/^the state is locked by .+ since /) } }],
  });
  await writeFile(join(directory, "open"), "");
  expect(await first).toMatchObject({ ok: true });
});

test("a record of a process whose number somebody else has now does not stop anyone", async () => {
  const directory = await createDirectory({ resource: { terraform_data: { a: {} } } });
  const terraform = await createTerraform(directory);
  await terraform.init();
  const stranger = { pid: process.pid, startTime: "1", bootId: "another boot" };
  await writeFile(
    join(directory, "terraform.run.json"),
    JSON.stringify({ runId: "old", command: "apply", startedAt: "2026-01-01T00:00:00Z", owner: stranger, terraform: stranger }),
  );
  expect(await terraform.apply()).toMatchObject({ ok: true });
  await writeFile(join(directory, "terraform.run.json"), "");
  expect(await terraform.plan()).toMatchObject({ ok: true, hasChanges: false });
});
