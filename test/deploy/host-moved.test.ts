import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStateDirectory, type StateDirectory } from "../../lib/deploy/state-directory.ts";
import { checkHostsStay } from "../../lib/deploy/host-moved.ts";
import { synthesizeLab } from "../../stacks/synthesize-lab.ts";
import { exampleLab } from "../stacks/example-lab.ts";

const { lab } = synthesizeLab(exampleLab);
let directory: string;
let state: StateDirectory;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "terrarium-moved-"));
  state = await createStateDirectory(directory, "web-tier");
  await writeFile(join(state.terraform, "terrarium.auto.tfvars.json"), JSON.stringify({ host_local_uri: "qemu:///system" }));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("a host with sandboxes that leads elsewhere is refused, naming both URIs", async () => {
  expect(await checkHostsStay(state, lab, [{ name: "local", uri: "qemu+ssh://other/system" }])).toMatchObject([
    {
      code: "HOST_MOVED",
      path: ["hosts", "local", "uri"],
      summary: expect.stringMatching(/qemu:\/\/\/system .* qemu\+ssh:\/\/other\/system now/) as string,
    },
  ]);
});

test("the same URI, a host without sandboxes and a lab that was never applied are fine", async () => {
  expect(await checkHostsStay(state, lab, [{ name: "local", uri: "qemu:///system" }])).toEqual([]);
  expect(await checkHostsStay(state, lab, [{ name: "other", uri: "qemu+ssh://other/system" }])).toEqual([]);
  expect(await checkHostsStay(state, undefined, [{ name: "local", uri: "qemu+ssh://other/system" }])).toEqual([]);
});
