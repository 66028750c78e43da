import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runTerrarium, temporaryFolder } from "../run-terrarium.ts";

test("the lab that init writes is valid as it is", async () => {
  const folder = await temporaryFolder();
  expect(await runTerrarium(folder, ["init", "--name", "shop"])).toMatchObject({ exitCode: 0, stderr: "" });
  const validated = await runTerrarium(folder, ["validate"]);
  expect(validated).toMatchObject({ exitCode: 0, stderr: "" });
  expect(validated.stdout).toBe('lab.yaml: lab "shop" is valid: 1 sandbox, 1 network\n');
});

test.each(["bookworm", "trixie", "noble", "jammy", "ubuntu-24.04"])("a lab of three %s sandboxes is valid", async (release) => {
  const folder = await temporaryFolder();
  await runTerrarium(folder, ["init", "--image", release, "--count", "3"]);
  const { stdout, exitCode } = await runTerrarium(folder, ["validate", "--json"]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, sandboxes: ["web-1", "web-2", "web-3"] });
});

test("every commented-out line of the lab that init writes is valid, too", async () => {
  const folder = await temporaryFolder();
  await runTerrarium(folder, ["init", "--name", "shop"]);
  const text = await readFile(join(folder, "lab.yaml"), "utf8");
  const [head = "", body = ""] = text.split(/\n(?=lab:)/);
  const everything = body
    .replaceAll(/^( *)# /gm, "$1")
    .replace("sha256: …", `sha256: ${"a".repeat(64)}`)
    .replace("path: ./disk.qcow2", `path: ./disk.qcow2, sha256: ${"b".repeat(64)}`);
  await writeFile(join(folder, "web.yaml"), "#cloud-config\nlocale: false\n");
  await writeFile(join(folder, "all.yaml"), `${head}\n${everything}`);
  const { exitCode, stdout } = await runTerrarium(folder, ["validate", "all.yaml", "--json"]);
  expect({ exitCode, ...(JSON.parse(stdout) as object) }).toMatchObject({ exitCode: 0, sandboxes: ["db", "web-1", "web-2", "web-3"] });
});

test("an existing lab file is never overwritten, and the message names it", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "lab.yaml"), "mine");
  const { exitCode, stderr } = await runTerrarium(folder, ["init"]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("error FILE_EXISTS: lab.yaml is already there");
  expect(await readFile(join(folder, "lab.yaml"), "utf8")).toBe("mine");
  expect(await readdir(folder)).toEqual(["lab.yaml"]);
});

test("editor settings of the user's own stay as they are", async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, ".vscode"));
  await writeFile(join(folder, ".vscode/settings.json"), "{}");
  const { stdout } = await runTerrarium(folder, ["init", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({ files: ["lab.yaml", ".vscode/lab.schema.json"] });
  expect(await readFile(join(folder, ".vscode/settings.json"), "utf8")).toBe("{}");
});

test("the schema that the lab's first line names is the one that terrarium schema prints", async () => {
  const folder = await temporaryFolder();
  await runTerrarium(folder, ["init"]);
  const [first = ""] = (await readFile(join(folder, "lab.yaml"), "utf8")).split("\n");
  const named = /^# yaml-language-server: \$schema=(.+)$/.exec(first)?.[1] ?? "";
  const { stdout } = await runTerrarium(folder, ["schema"]);
  expect(await readFile(join(folder, named), "utf8")).toBe(stdout);
});

test("a folder's name becomes the lab's name as far as a DNS label can hold it", async () => {
  const folder = join(await temporaryFolder(), "My_Lab (2)");
  await mkdir(folder);
  await runTerrarium(folder, ["init"]);
  expect(await readFile(join(folder, "lab.yaml"), "utf8")).toContain("\nlab: my-lab-2 #");
});

test.each([
  [["--name", "Big_Lab"], "INVALID_NAME"],
  [["--image", "windows"], "BAD_OPTION"],
  [["--count", "0"], "BAD_OPTION"],
  [["--count", "many"], "BAD_OPTION"],
])("init %j is refused and writes nothing", async (flags, code) => {
  const folder = await temporaryFolder();
  const { exitCode, stdout } = await runTerrarium(folder, ["init", "--json", ...flags]);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, diagnostics: [{ code }] });
  expect(await readdir(folder)).toEqual([]);
});
