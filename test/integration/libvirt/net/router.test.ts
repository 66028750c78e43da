import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import { tinyImage } from "../../../fixtures/embedded-host.ts";
import { makeLabRunner, tinyLab, whyNoLabs, type LabRunner } from "../../../fixtures/lab-runner.ts";

const full = process.env["TERRARIUM_TEST_FULL"] === "1";
const why = await whyNoLabs("terrarium");
let labs: LabRunner | undefined;

afterAll(async () => {
  await labs?.dispose();
});

test.skipIf(why !== undefined || !full)(
  "examples/router: packets go from one isolated network to the other through the sandbox between, and no other way",
  async () => {
    const example = parse(await readFile(join(import.meta.dirname, "../../../../examples/router/lab.yaml"), "utf8")) as {
      sandboxes: object;
      defaults: object;
    };
    labs = await makeLabRunner();
    const defaults = { ...example.defaults, memory: "128MiB", disk: "64MiB" };
    await labs.write(await tinyLab({ ...example, provider: "terrarium", defaults, images: { "debian-12": { path: await tinyImage() } } }));
    const { exitCode, stdout, stderr } = await labs.run(["apply", "--yes", "--check"]);
    expect([exitCode, stdout, exitCode === 0 ? "" : stderr]).toEqual([0, expect.stringMatching(/\d+ passed in/), ""]);
    await labs.run(["exec", "gate", "--", "sudo", "sysctl", "-w", "net.ipv4.ip_forward=0"]);
    const after = await labs.run(["net", "check", "--json"]);
    const { results } = JSON.parse(after.stdout) as { results: { sandbox: string; kind: string; outcome: string }[] };
    const failed = results.filter(({ outcome }) => outcome === "failed").map(({ sandbox, kind }) => `${sandbox} ${kind}`);
    expect([after.exitCode, failed.toSorted()]).toEqual([1, ["alice ping", "bob tcp"]]);
  },
);
