import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { installProvider } from "../../../../lib/provider/serve/install.ts";
import { lockHash, terraformPlatform, type ProviderRelease } from "../../../../lib/provider/serve/mirror-layout.ts";
import { packProvider } from "../../../../lib/provider/serve/pack.ts";
import { bundleWorkbench } from "../../../fixtures/provider/bundle.ts";
import { TerraformProject } from "../../../fixtures/provider/terraform-project.ts";

const platform = terraformPlatform(process.platform, process.arch);
let release: ProviderRelease;
let project: TerraformProject;

beforeAll(async () => {
  release = await bundleWorkbench();
});

beforeEach(async () => {
  project = await TerraformProject.create({ WORKBENCH_FILE: "things.json", TF_CLI_CONFIG_FILE: "settings.tfrc" });
  await writeFile(join(project.directory, "settings.tfrc"), "");
  // A project of ours is an ES module, which must not change how the program under .terraform is understood.
  await writeFile(join(project.directory, "package.json"), '{ "type": "module" }');
});

afterEach(async () => await project.remove());

const configuration = (attributes = "") => `
  terraform {
    required_providers {
      bench = { source = "example.test/acme/bench" }
    }
  }
  resource "bench_thing" "one" {
    name = "one"
    ${attributes}
  }`;

const mirror = () => join(project.directory, ".terraform.d/plugins");
const install = (version = "1.0.0") => installProvider({ ...release, version }, { mirror: mirror(), platform });
const lockFile = () => readFile(join(project.directory, ".terraform.lock.hcl"), "utf8");
const things = async () => JSON.parse(await readFile(join(project.directory, "things.json"), "utf8")) as unknown[];

test("installed, it is found by init without a network, works through TLS, and leaves no process", async () => {
  await install();
  await project.write(configuration("counts = [1]"));
  await project.succeed("init", "-input=false", "-no-color");
  expect(await lockFile()).toContain(lockHash(release));
  await project.apply();
  expect(await project.planExitCode()).toBe(0);
  expect(await project.stateOf("bench_thing.one")).toMatchObject({ counts: [1] });
  await project.destroy();
  expect(await things()).toEqual([]);
  await expect.poll(() => providerProcesses(project.directory)).toEqual([]);
});

test("without TLS it works, too", async () => {
  await install();
  const plain = await TerraformProject.create({ TF_DISABLE_PLUGIN_TLS: "1", WORKBENCH_FILE: "things.json", HOME: project.directory });
  try {
    await plain.write(configuration());
    await plain.succeed("init", "-input=false");
    await plain.apply();
    expect(await plain.planExitCode()).toBe(0);
  } finally {
    await plain.remove();
  }
});

test("a newer version beside it breaks no lock file, and is taken by init -upgrade", async () => {
  await install();
  await project.write(configuration());
  await project.succeed("init", "-input=false");
  await project.apply();
  await install("1.1.0");
  await project.succeed("init", "-input=false");
  expect(await lockFile()).toContain('version = "1.0.0"');
  expect(await project.planExitCode()).toBe(0);
  await project.succeed("init", "-upgrade", "-input=false");
  expect(await lockFile()).toContain('version = "1.1.0"');
  expect(await project.planExitCode()).toBe(0);
});

test("packed, it is a mirror that Terraform unpacks and can start", async () => {
  const packed = join(project.directory, "mirror");
  const files = await packProvider(release, packed, [platform]);
  expect(files.map((file) => file.slice(packed.length))).toEqual([
    `/example.test/acme/bench/terraform-provider-bench_1.0.0_${platform}.zip`,
    "/example.test/acme/bench/1.0.0.json",
    "/example.test/acme/bench/index.json",
  ]);
  await writeFile(join(project.directory, "settings.tfrc"), `provider_installation {\n filesystem_mirror {\n path = "${packed}"\n }\n}\n`);
  await project.write(configuration());
  await project.succeed("init", "-input=false");
  expect(await lockFile()).toContain(lockHash(release));
  await project.apply();
  expect(await project.planExitCode()).toBe(0);
});

test("Ctrl-C, which reaches the provider's process as well, stops a create and keeps what was made", async () => {
  await install();
  await project.write(configuration('fault = "hang"'));
  await project.succeed("init", "-input=false");
  const run = project.start("apply", "-auto-approve", "-no-color");
  await expect.poll(things, { timeout: 20_000 }).toHaveLength(1);
  run.interrupt();
  const { exitCode, stderr } = await run.finished;
  expect(exitCode).toBe(1);
  expect(stderr).toContain("Terraform was interrupted");
  expect(await project.stateOf("bench_thing.one")).toMatchObject({ name: "one", tainted: true });
});

test("a provider whose Terraform was killed finishes what it was doing, and ends", async () => {
  await install();
  await project.write(configuration('fault = "slow"'));
  await project.succeed("init", "-input=false");
  const run = project.start("apply", "-auto-approve", "-no-color");
  await expect.poll(things, { timeout: 20_000 }).toHaveLength(1);
  expect(await providerProcesses(project.directory)).toHaveLength(1);
  run.kill();
  await run.finished;
  await expect.poll(() => providerProcesses(project.directory), { timeout: 20_000 }).toEqual([]);
  expect(await things()).toEqual([[expect.any(String), expect.objectContaining({ note: "finished" })]]);
});

/** Processes whose working directory is the project's, other than Terraform: its providers. */
async function providerProcesses(directory: string): Promise<string[]> {
  const { readlink } = await import("node:fs/promises");
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    processes.map(async (pid) => {
      const read = (name: string) => readFile(`/proc/${pid}/${name}`, "utf8").catch(() => "");
      const workingDirectory = await readlink(`/proc/${pid}/cwd`).catch(() => "");
      return workingDirectory === directory && (await read("cmdline")).includes("terraform-provider-bench") ? [pid] : [];
    }),
  );
  return found.flat();
}
