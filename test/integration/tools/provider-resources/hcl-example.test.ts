import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { memoryTerraform, type MemoryTerraform } from "./memory-terraform.ts";

const example = fileURLToPath(new URL("../../../../examples/hcl/main.tf", import.meta.url));
let lab: MemoryTerraform;
beforeEach(async () => {
  lab = await memoryTerraform();
  await cp(example, join(lab.project.directory, "main.tf"));
});
afterEach(() => lab.remove());

test("the lab in Terraform's own language is formatted and valid, and is applied, changed and destroyed", async () => {
  await lab.project.succeed("fmt", "-check", "-diff");
  await lab.project.succeed("validate", "-no-color");
  const variables = (...more: readonly string[]): string[] =>
    ["hypervisor=memory", `uri=${lab.uri}`, `image=${lab.image}`, "ssh_key=ssh-ed25519 AAAA", ...more].map(
      (variable) => `-var=${variable}`,
    );
  await lab.project.succeed("apply", "-auto-approve", "-no-color", ...variables());
  expect(await lab.left()).toEqual({ networks: 1, disks: 2, seeds: 1, sandboxes: 1 });
  expect(await lab.host.listSandboxes()).toMatchObject([
    { name: "hcl-web", state: "running", cpus: 2, owner: { labels: { tier: "front" } } },
  ]);
  expect(await lab.project.succeed("output", "-raw", "address")).toBe("10.68.0.5");
  expect((await lab.project.run("plan", "-detailed-exitcode", ...variables())).exitCode).toBe(0);
  // The greeting is nowhere but in the seed: only the revision tells that it has changed.
  expect((await lab.project.run("plan", "-detailed-exitcode", ...variables("greeting=good evening"))).exitCode).toBe(0);
  await lab.project.succeed("apply", "-auto-approve", "-no-color", ...variables("greeting=good evening", "revision=2"));
  expect(await lab.project.succeed("output", "-raw", "change")).toBe("reseed");
  expect(await readFile(join(lab.project.directory, "terraform.tfstate"), "utf8")).not.toContain("good evening");
  await lab.project.succeed("destroy", "-auto-approve", "-no-color", ...variables());
  expect(await lab.left()).toEqual({ networks: 0, disks: 0, seeds: 0, sandboxes: 0 });
});
