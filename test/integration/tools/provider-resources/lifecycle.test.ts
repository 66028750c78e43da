import { afterEach, beforeEach, expect, test } from "vitest";
import { memoryTerraform, type MemoryTerraform } from "./memory-terraform.ts";

let lab: MemoryTerraform;
beforeEach(async () => {
  lab = await memoryTerraform();
});
afterEach(() => lab.remove());

const mac = "02:00:00:00:00:05";

/** Every resource once, with what a change puts in. */
function resources({
  front = "",
  root = "",
  data = '{ name = "web.data", size = "2GiB" }',
  revision = "1",
  sandbox = "",
  disks = "[terrarium_disk.root.id, terrarium_disk.data.id]",
  rootName = "web",
  cpus = 1,
}: Partial<Record<"front" | "root" | "data" | "revision" | "sandbox" | "disks" | "rootName", string>> & { cpus?: number } = {}): string {
  return `
resource "terrarium_network" "front" {
  name         = "front"
  cidr         = "10.20.0.0/24"
  reservations = { web = { mac = "${mac}", address = "10.20.0.5", name = "web" } }
  ${front}
}
resource "terrarium_image" "base" { source = ${JSON.stringify(lab.image)} }
resource "terrarium_disk" "root" {
  name  = "${rootName}"
  size  = "1GiB"
  image = terrarium_image.base.id
  ${root}
}
${
  data === ""
    ? ""
    : `locals { data = ${data} }
resource "terrarium_disk" "data" {
  name = local.data.name
  size = local.data.size
  lifecycle { create_before_destroy = true }
}`
}
variable "password" {
  type      = string
  ephemeral = true
  default   = "hunter2"
}
resource "terrarium_seed" "web" {
  name      = "web"
  revision  = "${revision}"
  user_data = "#cloud-config\\npassword: \${var.password}\\n"
  lifecycle { create_before_destroy = true }
}
resource "terrarium_sandbox" "web" {
  name     = "web"
  cpus     = ${cpus}
  disks    = ${disks}
  seed     = terrarium_seed.web.id
  nics     = [{ network = terrarium_network.front.id, mac = "${mac}", address = "10.20.0.5" }]
  forwards = { ssh = { guest_port = 22 } }
  ${sandbox}
}
data "terrarium_host" "here" {}
`;
}

const sandbox = async () => (await lab.host.listSandboxes())[0];

test("a lab is made, planned empty, changed in every attribute, and destroyed without a trace", async () => {
  await lab.write(`${resources()}
resource "terrarium_snapshot" "first" {
  sandbox = terrarium_sandbox.web.id
  name    = "first"
}`);
  await lab.project.apply();
  expect(await lab.planned()).toEqual({});
  expect(await sandbox()).toMatchObject({ name: "demo-web", state: "running", cpus: 1, owner: { deployment: "d1" } });
  const state = await lab.project.succeed("state", "pull");
  expect(state).not.toContain("hunter2");

  await lab.write(
    resources({
      front: 'records = { db = "10.20.0.9" }',
      data: '{ name = "web.data", size = "3GiB" }',
      revision: "2",
      cpus: 2,
      sandbox: 'memory = "512MiB"\n autostart = true\n labels = { tier = "1" }\n shutdown_timeout = "5s"\n timeouts = { update = "3m" }',
    }),
  );
  expect(await lab.planned()).toMatchObject({
    "terrarium_network.front": { actions: "update", after: { change: "live" } },
    "terrarium_disk.data": { actions: "update" },
    "terrarium_seed.web": { actions: "create,delete" },
    "terrarium_sandbox.web": { actions: "update" },
    "terrarium_snapshot.first": { actions: "delete" },
  });
  await lab.project.apply();
  expect(await lab.planned()).toEqual({});
  expect(await sandbox()).toMatchObject({
    state: "running",
    cpus: 2,
    memoryBytes: 512 * 1024 ** 2,
    autostart: true,
    owner: { labels: { tier: "1" } },
  });
  expect(await lab.project.stateOf("terrarium_sandbox.web")).toMatchObject({ change: "reseed" });
  await lab.project.destroy();
  expect(await lab.left()).toEqual({ networks: 0, disks: 0, seeds: 0, sandboxes: 0 });
});

test("changes in place of one attribute at a time leave an empty plan each", async () => {
  await lab.write(resources());
  await lab.project.apply();
  const changes: Parameters<typeof resources>[0][] = [
    { sandbox: "running = false" },
    { sandbox: "running = true" },
    { sandbox: "protect = true" },
    { sandbox: 'labels = { a = "b" }' },
    { disks: "[terrarium_disk.root.id]" },
    { front: 'records = { db = "10.20.0.9", cache = "10.20.0.9" }' },
    {},
  ];
  for (const change of changes) {
    await lab.write(resources(change));
    expect(
      Object.values(await lab.planned()).map(({ actions }) => actions),
      JSON.stringify(change),
    ).not.toContain("delete,create");
    await lab.project.apply();
    expect(await lab.planned(), JSON.stringify(change)).toEqual({});
  }
});

test("every resource is imported, and its plan is empty", async () => {
  await lab.write(resources({ sandbox: "lifecycle { ignore_changes = [] }" }));
  await lab.project.apply();
  const id = async (address: string): Promise<string> => String((await lab.project.stateOf(address))?.["id"]);
  const imports = {
    "terrarium_network.front": "demo/front",
    "terrarium_image.base": await id("terrarium_image.base"),
    "terrarium_disk.root": await id("terrarium_disk.root"),
    "terrarium_disk.data": await id("terrarium_disk.data"),
    "terrarium_seed.web": await id("terrarium_seed.web"),
    "terrarium_sandbox.web": "demo/web",
  };
  await lab.write(resources(), 'deployment = "d1"');
  for (const [address, name] of Object.entries(imports)) {
    await lab.project.succeed("state", "rm", address);
    await lab.project.succeed("import", "-input=false", address, name);
  }
  const { "terrarium_image.base": image, ...rest } = await lab.planned();
  // Where an image came from is not to be read from the host.
  expect(image).toMatchObject({ actions: "update" });
  expect(rest).toEqual({});
});

test("drift is planned and healed: stopped sandbox and network, lost disk", async () => {
  await lab.write(resources());
  await lab.project.apply();
  await lab.host.shutdown(String((await sandbox())?.id));
  expect(await lab.planned()).toMatchObject({ "terrarium_sandbox.web": { actions: "update", after: { running: true, change: "live" } } });
  await lab.project.apply();
  expect(await sandbox()).toMatchObject({ state: "running" });
  await lab.host.remove(String((await sandbox())?.id));
  await lab.host.removeNetwork(String((await lab.host.listNetworks())[0]?.id));
  expect(await lab.planned()).toMatchObject({
    "terrarium_sandbox.web": { actions: "create" },
    "terrarium_network.front": { actions: "create" },
  });
  await lab.project.apply();
  expect(await lab.planned()).toEqual({});
});

test("another boot disk replaces the sandbox, which goes first and comes last", async () => {
  await lab.write(resources());
  await lab.project.apply();
  const before = (await sandbox())?.id;
  await lab.write(resources({ rootName: "web-2" }));
  expect(await lab.planned()).toMatchObject({
    "terrarium_disk.root": { actions: "delete,create" },
    "terrarium_sandbox.web": { actions: "delete,create" },
  });
  const said = await lab.project.apply();
  const order = [
    "terrarium_sandbox.web: Destruction complete",
    "terrarium_disk.root: Destruction complete",
    "terrarium_disk.root: Creation complete",
    "terrarium_sandbox.web: Creation complete",
  ];
  const places = order.map((line) => said.indexOf(line));
  expect(places).toEqual(places.toSorted((one, other) => one - other));
  expect(places[0]).toBeGreaterThan(0);
  expect((await sandbox())?.id).not.toBe(before);
  expect(await lab.planned()).toEqual({});
});

test("a disk that is left out is taken off the running sandbox before it is deleted", async () => {
  await lab.write(resources());
  await lab.project.apply();
  await lab.write(resources({ data: "", disks: "[terrarium_disk.root.id]" }));
  await lab.project.apply();
  expect(await sandbox()).toMatchObject({ state: "running", disks: [{ kind: "disk" }, { kind: "cdrom" }] });
  expect(await lab.left()).toMatchObject({ disks: 1 });
  expect(await lab.planned()).toEqual({});
});

test("a protected sandbox is neither destroyed nor replaced, and both say how it could be", async () => {
  await lab.write(resources({ sandbox: "protect = true" }));
  await lab.project.apply();
  const destroyed = await lab.project.run("destroy", "-auto-approve", "-no-color");
  expect(destroyed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('sandbox "web" is protected') });
  await lab.write(resources({ sandbox: "protect = true", rootName: "web-2" }));
  const replaced = await lab.project.run("apply", "-auto-approve", "-no-color");
  expect(replaced).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("set protect = false, apply, and repeat") });
  expect(await sandbox()).toMatchObject({ state: "running" });
  await lab.write(resources());
  await lab.project.apply();
  await lab.project.destroy();
  expect(await lab.left()).toMatchObject({ sandboxes: 0 });
});

test("creates that fail after their effect are taken over by the next apply, and nothing is left twice", async () => {
  await lab.write(resources());
  const operations = ["createNetwork", "placeImage", "createDisk", "createSeed", "createSandbox", "start"] as const;
  await lab.inject(...operations.map((operation) => ({ operation, call: 1, when: "after" as const, code: "HOST_LOST" as const })));
  const failures: string[] = [];
  for (let run = 1; run <= operations.length + 1; run++) {
    const { exitCode, stderr } = await lab.project.run("apply", "-auto-approve", "-no-color");
    if (exitCode === 0) break;
    failures.push(stderr);
  }
  for (const operation of operations) expect(failures.join("\n")).toContain(`${operation} (call 1) failed after its effect`);
  expect(await lab.left()).toEqual({ networks: 1, disks: 2, seeds: 1, sandboxes: 1 });
  expect(await lab.planned()).toEqual({});
  await lab.project.destroy();
  expect(await lab.left()).toEqual({ networks: 0, disks: 0, seeds: 0, sandboxes: 0 });
});

test("errors of a plan point at the line that is wrong", async () => {
  await lab.write(resources());
  await lab.project.apply();
  await lab.write(resources({ data: '{ name = "web.data", size = "1GiB" }' }));
  const { stderr } = await lab.project.run("plan", "-no-color");
  expect(stderr).toContain('disk "web.data" has 2GiB and cannot shrink to 1GiB');
  expect(stderr).toContain("size = local.data.size");
});
