import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeLabRunner, nothingLeft, tinyLab, whyNoLabs, type LabRunner, type RunOptions } from "../../../fixtures/lab-runner.ts";

/** What a machine or a lab can lack: one clear error with the next step, exit code 1, and nothing half-made that the next run trips over. */
const why = await whyNoLabs();
let labs: LabRunner;

beforeAll(async () => {
  labs = await makeLabRunner();
});
afterAll(() => labs.dispose());

const sandboxes = { web: { ready: "none" } };

/** Runs it, expects exit code 1, and gives what was said. */
async function refused(args: readonly string[], options?: RunOptions): Promise<string> {
  const { exitCode, stdout, stderr } = await labs.run(args, options);
  expect({ exitCode, stderr: exitCode === 1 ? "" : stderr, stdout }).toEqual({ exitCode: 1, stderr: "", stdout: "" });
  expect(stderr).toMatch(/^ +→ /m);
  expect(stderr).not.toMatch(/UNEXPECTED|^ +at /m);
  return stderr;
}

test.skipIf(why !== undefined)("a libvirt socket that is not there", async () => {
  await labs.write(await tinyLab({ sandboxes, hosts: { local: { uri: "qemu:///system?socket=/nonexistent/libvirt-sock" } } }));
  expect(await refused(["plan"])).toMatch(/HOST_UNREACHABLE.*\/nonexistent\/libvirt-sock/);
});

test.skipIf(why !== undefined)("a URI that is none", async () => {
  await labs.write(await tinyLab({ sandboxes, hosts: { local: { uri: "http://example.test" } } }));
  expect(await refused(["plan"])).toMatch(/^lab\.yaml:\d+:\d+: error/m);
});

test.skipIf(why !== undefined)("no Terraform", async () => {
  await labs.write(await tinyLab({ sandboxes }));
  expect(await refused(["plan"], { env: { TERRAFORM_BINARY_NAME: "/nonexistent/terraform" } })).toContain("ENGINE_MISSING");
});

test.skipIf(why !== undefined)("no provider; with it the same folder works", async () => {
  await labs.write(await tinyLab({ sandboxes }));
  const home = join(labs.folder("home"));
  await mkdir(join(home, "mirror"), { recursive: true });
  const config = join(home, "terraformrc");
  await writeFile(config, `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(join(home, "mirror"))}\n  }\n}\n`);
  expect(await refused(["plan"], { env: { HOME: home, TF_CLI_CONFIG_FILE: config } })).toMatch(/PROVIDER_MISSING.*dmacvicar\/libvirt/);
  expect(await labs.run(["plan"])).toMatchObject({ exitCode: 0 });
});

test.skipIf(why !== undefined)("an image file that is not there, and one with another content than the lab says", async () => {
  await labs.write(await tinyLab({ sandboxes, images: { tiny: { path: "./missing.qcow2" } } }));
  expect(await refused(["plan"])).toMatch(/missing\.qcow2/);
  const { images } = (await tinyLab({ sandboxes })) as { images: { tiny: { path: string } } };
  await labs.write(await tinyLab({ sandboxes, images: { tiny: { path: images.tiny.path, sha256: "0".repeat(64) } } }));
  expect(await refused(["apply", "--yes"])).toMatch(/IMAGE_CHECKSUM_MISMATCH/);
});

test.skipIf(why !== undefined)("a secret that is not set is a warning for a plan, and an error for an apply", async () => {
  await labs.write(
    await tinyLab({ sandboxes: { web: { ready: "none", cloudInit: { runCmd: ["login ${env:TERRARIUM_TEST_NOT_SET}"] } } } }),
  );
  const plan = await labs.run(["plan"]);
  expect(plan).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("SECRET_MISSING") as string });
  expect(await refused(["apply", "--yes"])).toMatch(/SECRET_MISSING.*TERRARIUM_TEST_NOT_SET/);
});

test.skipIf(why !== undefined)("a user who may not write into the folder", async () => {
  await labs.write(await tinyLab({ sandboxes }), labs.folder("foreign"));
  const prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  expect(await refused(["plan"], { cwd: labs.folder("foreign"), prefix, env: { HOME: "/nonexistent" } })).toMatch(/error [A-Z_]+: /);
});

test.skipIf(why !== undefined)("commands for sandboxes before anything was applied", async () => {
  await labs.write(await tinyLab({ sandboxes }), labs.folder("empty"));
  for (const args of [["status"], ["ip", "web"], ["exec", "web", "true"], ["start"], ["stop"], ["logs", "web"], ["wait"]]) {
    expect(await refused(args, { cwd: labs.folder("empty") })).toContain("NO_DEPLOYMENT");
  }
  // Destroying nothing is done already.
  expect(await labs.run(["destroy", "--yes"], { cwd: labs.folder("empty") })).toMatchObject({ exitCode: 0 });
});

test.skipIf(why !== undefined)("without a terminal nothing is applied that was not agreed to", async () => {
  await labs.write(await tinyLab({ sandboxes }));
  expect(await refused(["apply"])).toContain("NOT_CONFIRMED");
});

test("none of it leaves anything", async () => {
  expect(await labs.dispose()).toEqual(nothingLeft);
});
