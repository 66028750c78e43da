import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { configure, createDirectory, createTerraform, pidOf, processesIn, provisioned, waitFor } from "./workshop.ts";

/** Aborts `controller` when a provisioner has printed its first line. */
function whenProvisioning(controller: AbortController) {
  return (event: { readonly type: string; readonly output?: string }) => {
    if (event.type === "provision_progress" && event.output === "working") controller.abort();
  };
}

test("one interrupt lets Terraform finish what is under way, start nothing new, and save the state", async () => {
  const directory = await createDirectory({
    resource: {
      terraform_data: {
        first: provisioned("echo working; exec sleep 60"),
        second: { depends_on: ["terraform_data.first"] },
      },
    },
  });
  const terraform = await createTerraform(directory);
  await terraform.init();
  const stop = new AbortController();
  const outcome = await terraform.apply({ onEvent: whenProvisioning(stop), interrupts: { stop: stop.signal } });
  expect(outcome).toMatchObject({ ok: false, interrupted: true, diagnostics: [{ address: "terraform_data.first" }] });
  const state = await terraform.pullState();
  expect(state?.resources.map(({ name, instances }) => [name, instances[0]?.status])).toEqual([["first", "tainted"]]);
  expect(await processesIn(directory)).toEqual([]);

  await configure(directory, { resource: { terraform_data: { first: {} } } });
  expect(await terraform.apply()).toMatchObject({ ok: true, interrupted: false });
});

test("an interrupt ends what a provisioner left in Terraform's process group", async () => {
  // The shell that Terraform kills is not the program that works.
  const directory = await createDirectory({
    resource: { terraform_data: { a: provisioned("trap '' INT TERM; echo working; sleep 60; echo done") } },
  });
  const terraform = await createTerraform(directory);
  await terraform.init();
  const stop = new AbortController();
  expect(await terraform.apply({ onEvent: whenProvisioning(stop), interrupts: { stop: stop.signal } })).toMatchObject({
    interrupted: true,
  });
  expect(await processesIn(directory)).toEqual([]);
});

test("a daemon that a provisioner started on purpose outlives an interrupt", async () => {
  const directory = await createDirectory({
    resource: { terraform_data: { a: provisioned("setsid sleep 60 >/dev/null 2>&1 < /dev/null & echo working; exec sleep 50") } },
  });
  const terraform = await createTerraform(directory);
  await terraform.init();
  const stop = new AbortController();
  expect(await terraform.apply({ onEvent: whenProvisioning(stop), interrupts: { stop: stop.signal } })).toMatchObject({
    interrupted: true,
  });
  expect((await processesIn(directory)).map(({ program }) => program)).toEqual(["sleep"]);
});

test("the second step makes a Terraform exit that waits for a provider, and ends the provider, too", async ({ skip }) => {
  const directory = await createDirectory();
  const socket = join(directory, "libvirt-sock");
  // A libvirtd that takes the connection and never says a word: the provider waits for it.
  const server = createServer((client) => client.on("error", () => undefined).resume());
  const connection = once(server, "connection");
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  try {
    await configure(directory, {
      terraform: { required_providers: { libvirt: { source: "dmacvicar/libvirt" } } },
      provider: { libvirt: { uri: `qemu:///system?socket=${socket}` } },
      resource: { libvirt_pool: { p: { name: "x", type: "dir", target: { path: join(directory, "pool") } } } },
    });
    const terraform = await createTerraform(directory);
    const { ok, diagnostics } = await terraform.init();
    if (diagnostics[0]?.diagnostic.code === "PROVIDER_MISSING") skip("provider dmacvicar/libvirt is neither installed nor downloadable");
    expect(ok).toBe(true);
    const [stop, force] = [new AbortController(), new AbortController()];
    const running = terraform.plan({ interrupts: { stop: stop.signal, force: force.signal } });
    await connection;
    expect(await processesIn(directory)).toHaveLength(2);
    stop.abort();
    force.abort();
    const outcome = await running;
    expect(outcome).toMatchObject({ ok: false, interrupted: true });
    expect(await readFile(outcome.log, "utf8")).toMatch(/Two interrupts received/);
    expect(await processesIn(directory)).toEqual([]);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test("an interrupt before the start starts nothing", async () => {
  const directory = await createDirectory({ resource: { terraform_data: { a: {} } } });
  const terraform = await createTerraform(directory);
  await terraform.init();
  expect(await terraform.apply({ interrupts: { stop: AbortSignal.abort() } })).toMatchObject({
    ok: false,
    interrupted: true,
    diagnostics: [],
  });
  expect(await terraform.pullState()).toBeUndefined();
});

test("Terraform leads a process group of its own, which Ctrl-C on the terminal does not reach", async () => {
  const directory = await createDirectory({ resource: { terraform_data: { a: provisioned("echo working; exec sleep 60") } } });
  const terraform = await createTerraform(directory);
  await terraform.init();
  const stop = new AbortController();
  const running = terraform.apply({ interrupts: { stop: stop.signal } });
  await waitFor(async () => (await pidOf(directory, "sleep")) !== undefined);
  const pid = await pidOf(directory, "terraform");
  // Signal 0 to the group of that number: there is one only if Terraform leads it.
  expect(() => process.kill(-(pid ?? 0), 0)).not.toThrow();
  stop.abort();
  await running;
});

test("a Terraform that is killed is told as such, and its provisioner is ended", async () => {
  const directory = await createDirectory({ resource: { terraform_data: { a: provisioned("echo working; exec sleep 60") } } });
  const terraform = await createTerraform(directory);
  await terraform.init();
  const running = terraform.apply();
  await waitFor(async () => (await pidOf(directory, "sleep")) !== undefined);
  process.kill((await pidOf(directory, "terraform")) ?? 0, "SIGKILL");
  expect(await running).toMatchObject({
    ok: false,
    interrupted: false,
    diagnostics: [{ diagnostic: { summary: "Terraform was ended by SIGKILL" } }],
  });
  expect(await processesIn(directory)).toEqual([]);

  // The file of Terraform's own lock is still there, and does not lock.
  await configure(directory, { resource: { terraform_data: { a: {} } } });
  expect(await terraform.apply()).toMatchObject({ ok: true, diagnostics: [] });
});
