import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runTerrarium, smallLab, temporaryFolder } from "./run-terrarium.ts";

test.each([
  [["vaildate"], "error: unknown command 'vaildate'\n(Did you mean validate?)"],
  [["validate", "--foo"], "error: unknown option '--foo'"],
  [["ip"], "error: missing required argument 'sandbox'"],
  [["exec", "web"], "error: missing required argument 'command'"],
  [["schema", "a", "b"], "error: too many arguments"],
])("terrarium %j says what is wrong and where to look", async (argv, message) => {
  const { exitCode, stdout, stderr } = await runTerrarium(await temporaryFolder(), argv);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toContain(message);
  expect(stderr).toContain("--help");
});

test("a wrong command line with --json is one document, too", async () => {
  const { exitCode, stdout } = await runTerrarium(await temporaryFolder(), ["validate", "--json", "--foo"]);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, diagnostics: [{ code: "BAD_OPTION", summary: "unknown option '--foo'" }] });
});

test("--help and --version succeed and print on stdout", async () => {
  const folder = await temporaryFolder();
  const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
  expect(await runTerrarium(folder, ["--version"])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
  const help = await runTerrarium(folder, ["exec", "--help"]);
  expect(help).toMatchObject({ exitCode: 0, stderr: "" });
  expect(help.stdout).toContain("terrarium exec web -- ls");
});

test("flags come from the context's environment where the command line leaves them out", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "other.yaml"), smallLab);
  const { exitCode, stdout } = await runTerrarium(folder, ["validate"], { TERRARIUM_FILE: "other.yaml", TERRARIUM_JSON: "1" });
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, file: "other.yaml" });
});

test("the command line wins over the environment, and 0 means no", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "lab.yaml"), smallLab);
  const { exitCode, stdout } = await runTerrarium(folder, ["validate", "-f", "lab.yaml"], {
    TERRARIUM_FILE: "nope.yaml",
    TERRARIUM_JSON: "0",
    TERRARIUM_LOCKED: "false",
  });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'lab.yaml: lab "demo" is valid: 3 sandboxes, 1 network\n' });
});

test("an on/off variable that is neither is refused", async () => {
  const { exitCode, stderr } = await runTerrarium(await temporaryFolder(), ["validate"], { TERRARIUM_LOCKED: "maybe" });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('error BAD_OPTION: expected 1 or 0 in TERRARIUM_LOCKED, found "maybe"');
});

test.each([
  ["status"],
  ["ip", "web"],
  ["ssh", "web", "--", "true"],
  ["ssh-config"],
  ["exec", "web", "--", "true"],
  ["cp", "a", "web:b"],
  ["logs", "web"],
  ["start"],
  ["stop"],
  ["restart"],
  ["wait"],
])("terrarium %s before anything was applied says so", async (...argv) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "lab.yaml"), smallLab);
  const { exitCode, stdout, stderr } = await runTerrarium(folder, argv);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toMatch(/^error NO_DEPLOYMENT: .+\n {2}→ /);
});

test.each([
  [["console", "web"], "NEEDS_TERMINAL"],
  [["logs", "web", "-n", "x"], "BAD_OPTION"],
  [["logs", "web", "--follow", "--json"], "BAD_OPTION"],
  [["status", "--watch", "--json"], "BAD_OPTION"],
  [["wait", "--timeout", "5"], "BAD_DURATION"],
  [["wait", "--timeout", "0s"], "BAD_DURATION"],
  [["wait", "--directory", "."], "LAB_FILE_MISSING"],
  [["ssh", "--json", "web"], "BAD_OPTION"],
  [["completion", "tcsh"], "BAD_OPTION"],
  [["host", "status", "nope"], "NOTHING_FOUND"],
  [["host", "up", "Not_A_Name"], "HOST_NAME_INVALID"],
  [["host", "down", "Not_A_Name"], "HOST_NAME_INVALID"],
])("terrarium %j is one clear error with a next step", async (argv, code) => {
  const folder = await temporaryFolder();
  const env = { TERRARIUM_HOST_DIR: join(folder, "h") };
  const { exitCode, stdout, stderr } = await runTerrarium(folder, argv, env);
  expect(exitCode).toBe(1);
  const said = argv.includes("--json") ? stdout : stderr;
  expect(said).toContain(code);
  expect(said).toMatch(argv.includes("--json") ? /"nextStep": "/ : / {2}→ /);
});
