import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostPaths } from "../../../../lib/host/host-directory.ts";
import { kvmHypervisor } from "../../../../lib/hypervisor/kvm/kvm-hypervisor.ts";
import type { SandboxRecord } from "../../../../lib/hypervisor/hypervisor.ts";
import { terrariumProvider } from "../../../../lib/provider/resources/provider.ts";
import { serveInProcess, type ServedProvider } from "../../../../lib/provider/serve/serve-in-process.ts";
import { makeHost, tinyImage, type RemovableHost } from "../../../fixtures/embedded-host.ts";
import { countLeftovers, listBridges, nothingLeft } from "../../../fixtures/leftovers.ts";
import { TerraformProject } from "../../../fixtures/provider/terraform-project.ts";
import { until, virsh } from "../../../fixtures/tiny-guest.ts";

/** The life of a lab in hand-written HCL: real Terraform, our provider, a real libvirtd and a guest that boots. */
const deployment = `res-${randomBytes(4).toString("hex")}`;
const mac = "02:79:00:00:00:05";
let host: RemovableHost;
let served: ServedProvider;
let project: TerraformProject;
let bridgesBefore: readonly string[];

beforeAll(async () => {
  bridgesBefore = await listBridges();
  host = await makeHost();
  served = await serveInProcess(terrariumProvider);
  project = await TerraformProject.create({ TF_REATTACH_PROVIDERS: served.reattach });
});

afterAll(async () => {
  const driver = host && kvmHypervisor(host.uri);
  for (const { id } of (await driver?.listSandboxes({ deployment })) ?? []) await driver?.remove(id);
  for (const { name } of (await driver?.listPools()) ?? []) await driver?.removePool(name, { volumes: true });
  await served?.close();
  await project?.remove();
  await host?.remove();
});

interface Changes {
  readonly address?: string;
  readonly size?: string;
  readonly data?: boolean;
  readonly revision?: string;
  readonly labels?: string;
  readonly cpus?: number;
}

async function lab({
  address = "10.79.0.5",
  size = "96MiB",
  data = false,
  revision = "1",
  labels = "{}",
  cpus = 1,
}: Changes = {}): Promise<string> {
  return `
terraform {
  required_providers {
    terrarium = { source = "terrarium.internal/terrarium/terrarium" }
  }
}
provider "terrarium" {
  uri         = "${host.uri}"
  lab         = "shop"
  deployment  = "${deployment}"
  accelerator = "emulation"
}
resource "terrarium_network" "front" {
  name         = "front"
  cidr         = "10.79.0.0/24"
  reservations = { web = { mac = "${mac}", address = "${address}", name = "web" } }
}
resource "terrarium_image" "tiny" { source = "${await tinyImage()}" }
resource "terrarium_disk" "root" {
  name  = "web"
  size  = "${size}"
  image = terrarium_image.tiny.id
}
${data ? `resource "terrarium_disk" "data" {\n  name = "web.data"\n  size = "16MiB"\n}` : ""}
resource "terrarium_seed" "web" {
  name      = "web"
  revision  = "${revision}"
  user_data = "#cloud-config\\n{\\"user\\":\\"admin\\"}\\n"
  lifecycle { create_before_destroy = true }
}
resource "terrarium_sandbox" "web" {
  name             = "web"
  cpus             = ${cpus}
  memory           = "128MiB"
  disks            = [terrarium_disk.root.id${data ? ", terrarium_disk.data.id" : ""}]
  seed             = terrarium_seed.web.id
  nics             = [{ network = terrarium_network.front.id, mac = "${mac}" }]
  labels           = ${labels}
  shutdown_timeout = "20s"
}
data "terrarium_host" "here" {}
output "host" { value = data.terrarium_host.here.hypervisor }
`;
}

const write = async (changes: Changes = {}): Promise<void> => project.write(await lab(changes));

async function sandbox(): Promise<SandboxRecord> {
  const [found] = await kvmHypervisor(host.uri).listSandboxes({ deployment });
  if (!found) throw new Error("there is no sandbox");
  return found;
}

const console = async (): Promise<string> =>
  await readFile(join(hostPaths(host.name, host.root).log, "qemu/shop-web.console.log"), "utf8").catch(() => "");
/** The log starts anew with each start of the guest. */
const said = (text: string): Promise<true> =>
  until(JSON.stringify(text), async () => ((await console()).includes(text) ? true : undefined), 120_000);

test("a lab in hand-written HCL boots with its reserved address, and its second plan is empty", async () => {
  await write();
  await project.apply();
  await said("boots=1");
  await said("LEASE eth0 10.79.0.5");
  expect(await sandbox()).toMatchObject({
    name: "shop-web",
    state: "running",
    emulated: true,
    owner: { deployment, lab: "shop", name: "web" },
  });
  expect(await project.planExitCode()).toBe(0);
});

test("labels, reservations, a grown disk and a further one change while the guest runs", async () => {
  const qemu = async (): Promise<string> => await readFile(join(hostPaths(host.name, host.root).run, "qemu/shop-web.pid"), "utf8");
  const before = await qemu();
  const changes = { address: "10.79.0.6", size: "128MiB", data: true, labels: '{ tier = "front" }' };
  await write(changes);
  await project.apply();
  expect(await project.stateOf("terrarium_sandbox.web")).toMatchObject({ change: "live", labels: { tier: "front" } });
  expect(await project.planExitCode()).toBe(0);
  expect((await sandbox()).disks.filter(({ kind }) => kind === "disk")).toHaveLength(2);
  await write({ ...changes, data: false });
  await project.apply();
  expect((await sandbox()).disks.filter(({ kind }) => kind === "disk")).toHaveLength(1);
  expect(await project.planExitCode()).toBe(0);
  expect(await qemu()).toBe(before);
});

test("another seed and more CPUs reboot it once, and the plan says so", async () => {
  await write({ address: "10.79.0.6", size: "128MiB", revision: "2", cpus: 2 });
  await project.apply();
  expect(await project.stateOf("terrarium_sandbox.web")).toMatchObject({ change: "reseed", cpus: 2 });
  await said("instance=shop-web-2 boots=2");
  await said("LEASE eth0 10.79.0.6");
  expect(await project.planExitCode()).toBe(0);
});

test("a sandbox that was stopped, and a network that was destroyed, are planned and healed", async () => {
  await virsh(host, "destroy", "shop-web");
  await virsh(host, "net-destroy", "shop-front");
  expect(await project.planExitCode()).toBe(2);
  await project.apply();
  expect(await sandbox()).toMatchObject({ state: "running" });
  expect(await project.planExitCode()).toBe(0);
});

test("sandbox and network are imported by name, disk and seed by id, and the plan is empty", async () => {
  const ids = await Promise.all(
    ["terrarium_disk.root", "terrarium_seed.web"].map(
      async (address) => [address, String((await project.stateOf(address))?.["id"])] as const,
    ),
  );
  const imports = [["terrarium_network.front", "shop/front"], ["terrarium_sandbox.web", "shop/web"], ...ids] as const;
  // Once without the timeout that only Terraform knows.
  await project.write(
    (await lab({ address: "10.79.0.6", size: "128MiB", revision: "2", cpus: 2 })).replace('  shutdown_timeout = "20s"\n', ""),
  );
  for (const [address, id] of imports) {
    await project.succeed("state", "rm", address);
    await project.succeed("import", "-input=false", address, id);
  }
  expect(await project.planExitCode()).toBe(0);
});

test("destroy leaves nothing on the host", async () => {
  await project.destroy();
  const { root } = host;
  const left = await countLeftovers({ root, hostDirectory: root, deployments: [deployment, `shop-${deployment}`], bridgesBefore });
  expect({ ...left, netns: [], processes: [] }).toEqual({ ...nothingLeft });
  expect((await virsh(host, "pool-list", "--all", "--name")).trim()).toBe("");
});
