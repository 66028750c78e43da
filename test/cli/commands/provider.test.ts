import { readdir } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runTerrarium, temporaryFolder } from "../run-terrarium.ts";

const built = existsSync(join(import.meta.dirname, "../../../dist/provider/terraform-provider-terrarium.cjs"));

test.runIf(built)("terrarium provider install puts the provider under the user's home, once", async () => {
  const folder = await temporaryFolder();
  const first = await runTerrarium(folder, ["provider", "install", "--json"], { HOME: folder });
  const { ok, outcome, file } = JSON.parse(first.stdout) as { ok: boolean; outcome: string; file: string };
  expect([ok, outcome]).toEqual([true, "installed"]);
  expect(file.startsWith(join(folder, ".terraform.d/plugins/terrarium.internal/terrarium/terrarium/"))).toBe(true);
  expect((await runTerrarium(folder, ["provider", "install"], { HOME: folder })).stdout).toContain("was installed already");
});

test.runIf(built)("terrarium provider pack writes a mirror", async () => {
  const folder = await temporaryFolder();
  const { exitCode, stdout } = await runTerrarium(folder, ["provider", "pack", "out", "--platform", "linux_amd64"]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/terraform-provider-terrarium_\d+\.\d+\.\d+_linux_amd64\.zip\n/);
  expect(await readdir(join(folder, "out/terrarium.internal/terrarium/terrarium"))).toContain("index.json");
});

test("a platform that cannot execute it is refused", async () => {
  const { exitCode, stderr } = await runTerrarium(await temporaryFolder(), ["provider", "pack", "out", "--platform", "windows_amd64"]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('got "windows_amd64"');
});
