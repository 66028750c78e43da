import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeLabRunner, nothingLeft, tinyLab, whyNoLabs, type LabRunner } from "../../../fixtures/lab-runner.ts";

const why = await whyNoLabs();
let labs: LabRunner;
/** Nobody waits for it: these tests look at objects, not into guests. */
const lab = { lab: "mine", networks: { front: { mode: "isolated" } }, sandboxes: { web: { networks: ["front"], ready: "none" } } };

beforeAll(async () => {
  if (why !== undefined) return;
  labs = await makeLabRunner();
  await labs.write(await tinyLab(lab));
  // Kept up: strangers must be there before the lab.
  const { exitCode, stderr } = await labs.run(["host", "up", "local"]);
  if (exitCode !== 0) throw new Error(stderr);
});

afterAll(async () => {
  if (why !== undefined) return;
  await labs.run(["host", "down", "local", "--force"]);
  await labs.dispose();
});

async function define(kind: "domain" | "network", xml: string): Promise<void> {
  const file = join(labs.directory, `${kind}.xml`);
  await writeFile(file, xml);
  await labs.virsh(kind === "domain" ? "define" : "net-define", file);
}

test.skipIf(why)("a stranger's domain of the same name stops an apply before anything is made", async () => {
  await define("domain", "<domain type='qemu'><name>mine-web</name><memory unit='MiB'>16</memory><os><type>hvm</type></os></domain>");
  const { exitCode, stderr } = await labs.run(["apply", "--yes"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("STRANGER") as string });
  expect(stderr).toContain('host "local" already has a sandbox named "mine-web", and it was not made by Terrarium');
  expect(await labs.count()).toMatchObject({ domains: ["mine-web.xml"], networks: [], pools: [], poolFiles: [] });
  await labs.virsh("undefine", "mine-web");
});

test.skipIf(why)("so does a stranger's network of the same name", async () => {
  await define("network", "<network><name>mine-front</name><bridge name='st-front'/></network>");
  const { exitCode, stderr } = await labs.run(["apply", "--yes"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("STRANGER") as string });
  expect(stderr).toContain('host "local" already has a network named "mine-front", and it was not made by Terrarium');
  expect(await labs.count()).toMatchObject({ domains: [], networks: ["mine-front.xml"], pools: [] });
  await labs.virsh("net-undefine", "mine-front");
});

test.skipIf(why)("a second copy from another folder is told whose the objects are, and the first one stays as it is", async () => {
  expect(await labs.run(["apply", "--yes"])).toMatchObject({ exitCode: 0 });
  const [deployment] = await labs.deployments();
  const copy = labs.folder("copy");
  await labs.write(await tinyLab(lab), copy);
  const { exitCode, stderr } = await labs.run(["apply", "--yes"], { cwd: copy });
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("STRANGER") as string });
  expect(stderr).toContain(`belongs to deployment ${deployment} of lab "mine"`);
  expect(await labs.run(["list"])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(deployment ?? "") as string });
  // The refused copy owns nothing, so its destroy takes nothing away.
  expect(await labs.run(["destroy", "--yes"], { cwd: copy })).toMatchObject({ exitCode: 0 });
  expect(await labs.virsh("domstate", "mine-web")).toContain("running");
  expect(await labs.run(["plan", "--detailed-exitcode"])).toMatchObject({ exitCode: 0 });
});

test.skipIf(why)("after destroy only the host that was kept up is there, and after its down nothing is", async () => {
  expect(await labs.run(["destroy", "--yes"])).toMatchObject({ exitCode: 0 });
  expect(await labs.count()).toMatchObject({ domains: [], networks: [], pools: [], poolFiles: [], netns: { length: 1 } });
  expect(await labs.run(["host", "down", "local"])).toMatchObject({ exitCode: 0 });
  expect(await labs.count()).toEqual(nothingLeft);
});
