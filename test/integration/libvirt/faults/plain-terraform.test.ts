import { randomBytes } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { hostPaths } from "../../../../lib/host/host-directory.ts";
import { kvmHypervisor } from "../../../../lib/hypervisor/kvm/kvm-hypervisor.ts";
import { installProvider } from "../../../../lib/provider/serve/install.ts";
import { terraformPlatform, type ProviderRelease } from "../../../../lib/provider/serve/mirror-layout.ts";
import { makeHost, tinyImage, type RemovableHost } from "../../../fixtures/embedded-host.ts";
import { struckCases } from "../../../fixtures/faults/struck-life.ts";
import { moment, struckProgram, type Moment, type StruckProgram } from "../../../fixtures/faults/struck-program.ts";
import { countLeftovers, listBridges, nothingLeft } from "../../../fixtures/leftovers.ts";
import { bundleTerrarium } from "../../../fixtures/provider/bundle.ts";
import { TerraformProject } from "../../../fixtures/provider/terraform-project.ts";

/** Terraform by itself, with the provider as a process of its own: what `terraform apply` and `cdktf deploy` have without Terrarium around them. */
let release: ProviderRelease;
let host: RemovableHost;
let program: StruckProgram;
let bridgesBefore: readonly string[];
let project: TerraformProject;
let deployment: string;

beforeAll(async () => {
  bridgesBefore = await listBridges();
  [release, host] = await Promise.all([bundleTerrarium(), makeHost()]);
  const directory = join(host.disks, "bin");
  const daemon = `cat '${hostPaths(host.name, host.root).directory}/libvirtd.pid'`;
  program = await struckProgram({ directory, name: "virsh", real: "/usr/bin/virsh", daemon });
});

afterEach(async () => {
  const driver = kvmHypervisor(host.uri);
  for (const { id } of await driver.listSandboxes({ deployment })) await driver.remove(id);
  for (const { id } of await driver.listNetworks({ deployment })) await driver.removeNetwork(id);
  for (const { name } of await driver.listPools()) await driver.removePool(name, { volumes: true });
  await project.remove();
});

afterAll(async () => await host?.remove());

const full = (process.env["TERRARIUM_TEST_FULL"] ?? "") !== "";
// Not the daemon: a libvirtd that somebody else started is not brought back by a provider.
const matrix = struckCases(["caller", "terraform", "program"], {
  create: ["pool-define-as 1 after", "vol-create 1 after", "net-start 1 before", "define 1 after", "start 1 after"].map(moment),
  update: ["vol-create 1 after", "define 1 before", "define 1 after", "net-update 1 after", "attach-device 1 after"].map(moment),
  destroy: ["destroy 1 after", "undefine 1 before", "vol-delete 1 after", "net-destroy 1 after", "net-undefine 1 before"].map(moment),
});

async function lab(changed: boolean): Promise<string> {
  const mac = "02:78:00:00:00:05";
  return `
terraform {
  required_providers {
    terrarium = { source = "terrarium.internal/terrarium/terrarium" }
  }
}
provider "terrarium" {
  uri         = "${host.uri}"
  lab         = "plain"
  deployment  = "${deployment}"
  accelerator = "emulation"
}
resource "terrarium_network" "front" {
  name         = "front"
  cidr         = "10.78.0.0/24"
  reservations = { web = { mac = "${mac}", address = "10.78.0.${changed ? 6 : 5}", name = "web" } }
}
resource "terrarium_image" "tiny" { source = "${await tinyImage()}" }
resource "terrarium_disk" "root" {
  name  = "web"
  size  = "96MiB"
  image = terrarium_image.tiny.id
}
${changed ? `resource "terrarium_disk" "data" {\n  name = "web.data"\n  size = "16MiB"\n}` : ""}
resource "terrarium_sandbox" "web" {
  name   = "web"
  memory = "128MiB"
  disks  = [terrarium_disk.root.id${changed ? ", terrarium_disk.data.id" : ""}]
  nics   = [{ network = terrarium_network.front.id, mac = "${mac}" }]
  labels = { changed = "${changed}" }
}
`;
}

test.each(full ? matrix : matrix.slice(3, 4))(
  "$victim killed at $create.command $create.call, in an update at $update.command $update.call, in destroy at $destroy.command $destroy.call",
  async ({ victim, create, update, destroy }) => {
    deployment = `plain-${randomBytes(4).toString("hex")}`;
    project = await TerraformProject.create({
      PATH: `${host.disks}/bin:${process.env["PATH"] ?? ""}`,
      TMPDIR: join(host.disks, deployment),
    });
    await mkdir(join(host.disks, deployment));
    await installProvider(release, {
      mirror: join(project.directory, ".terraform.d/plugins"),
      platform: terraformPlatform(process.platform, process.arch),
    });
    const driver = kvmHypervisor(host.uri);
    const strike = async (at: Moment, ...args: string[]): Promise<void> => {
      await program.arm(at, victim);
      const { exitCode, stdout, stderr } = await project.run(...args, "-auto-approve", "-no-color");
      expect(await program.disarm(), `${at.command} ${at.call}: ${stdout}${stderr}`).toBe(true);
      // A virsh that is killed after its work may be seen as one that failed, or not at all.
      if (victim !== "program") expect(exitCode).not.toBe(0);
      expect(stderr).not.toMatch(/Provider produced|panic/);
    };
    await project.write(await lab(false));
    await project.succeed("init", "-input=false", "-no-color");
    await strike(create, "apply");
    await project.apply();
    expect(await project.planExitCode()).toBe(0);
    const [made] = await driver.listSandboxes({ deployment });
    expect(made).toMatchObject({ name: "plain-web", state: "running" });

    await project.write(await lab(true));
    await strike(update, "apply");
    await project.apply();
    expect(await project.planExitCode()).toBe(0);
    const [changed, ...others] = await driver.listSandboxes({ deployment });
    expect(others).toEqual([]);
    expect(changed).toMatchObject({ id: made?.id, owner: { labels: { changed: "true" } } });
    expect(changed?.disks.filter(({ kind }) => kind === "disk")).toHaveLength(2);

    await strike(destroy, "destroy");
    await project.destroy();
    expect(await readdir(join(host.disks, deployment))).toEqual([]);
    const left = await countLeftovers({
      root: host.root,
      hostDirectory: host.root,
      deployments: [deployment, `plain-${deployment}`],
      bridgesBefore,
    });
    expect({ ...left, netns: [], processes: [] }).toEqual(nothingLeft);
  },
);
