import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEmbedded } from "../../../../lib/host/embedded-host.ts";
import { downEmbedded } from "../../../../lib/host/down.ts";
import { releaseHosts } from "../../../../lib/provider/resources/open-host.ts";
import { makeClient } from "../../../../lib/provider/resources/provider-block.ts";

let root: string;
const former = process.env["TERRARIUM_HOST_DIR"];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "trm-"));
  process.env["TERRARIUM_HOST_DIR"] = root;
});
afterAll(async () => {
  if (former === undefined) delete process.env["TERRARIUM_HOST_DIR"];
  else process.env["TERRARIUM_HOST_DIR"] = former;
  await downEmbedded("p", { root, force: true, purge: true });
  await rm(root, { recursive: true, force: true });
});

test("a provider block with `embedded` brings the host up when it is first used, and takes it down at the end", async () => {
  const block = { hypervisor: "kvm", uri: "embedded", lab: "demo", deployment: "d1", host: "p", accelerator: null };
  const client = makeClient(block, {});
  expect(await readEmbedded("p", { root })).toBeUndefined();
  const { driver, accelerator } = await client.open();
  expect(await driver.readHost()).toMatchObject({ hypervisor: "QEMU" });
  expect(["hardware", "emulation"]).toContain(await accelerator());
  expect((await readEmbedded("p", { root }))?.up).toBe(true);
  await releaseHosts();
  expect((await readEmbedded("p", { root }))?.up ?? false).toBe(false);
});
