import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runTerrarium, smallLab, temporaryFolder } from "./run-terrarium.ts";

async function complete(folder: string, ...words: string[]): Promise<string[]> {
  const { stdout, exitCode } = await runTerrarium(folder, ["complete", "--", ...words]);
  expect(exitCode).toBe(0);
  return stdout
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith(":"))
    .map((line) => line.split("\t")[0] ?? "");
}

test.each(["bash", "zsh", "fish", "powershell"])("the %s script calls terrarium complete", async (shell) => {
  const { exitCode, stdout, stderr } = await runTerrarium(await temporaryFolder(), ["completion", shell]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toContain("terrarium");
  expect(stdout).toContain("complete");
});

test("commands and their flags are completed", async () => {
  const folder = await temporaryFolder();
  expect(await complete(folder, "va")).toEqual(["validate"]);
  expect(await complete(folder, "host", "")).toEqual(expect.arrayContaining(["up", "down", "status"]));
  expect(await complete(folder, "apply", "--allow")).toEqual(["--allow-loss"]);
});

test("names of sandboxes come from the lab file, copies by their number", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "lab.yaml"), smallLab);
  expect((await complete(folder, "ssh", "")).sort()).toEqual(["db", "web-1", "web-2"]);
  expect(await complete(folder, "ssh", "d")).toEqual(["db"]);
});

test("what was applied counts more than what the file says by now", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "lab.yaml"), "lab: demo\nsandboxes: { broken");
  await mkdir(join(folder, ".terrarium/demo"), { recursive: true });
  await writeFile(join(folder, ".terrarium/demo/applied.json"), JSON.stringify({ sandboxes: { old: {} } }));
  expect(await complete(folder, "ip", "")).toEqual(["old"]);
});

test("without a lab nothing is completed, and nothing fails", async () => {
  expect(await complete(await temporaryFolder(), "ssh", "")).toEqual([]);
});
