import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { runTerrarium, smallLab, temporaryFolder } from "../run-terrarium.ts";

async function folderWith(text: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "lab.yaml"), text);
  return folder;
}

test("validate counts what the lab has after count", async () => {
  const folder = await folderWith(smallLab);
  expect(await runTerrarium(folder, ["validate"])).toEqual({
    exitCode: 0,
    stdout: 'lab.yaml: lab "demo" is valid: 3 sandboxes, 1 network\n',
    stderr: "",
  });
  expect(await readdir(folder)).toEqual(["lab.yaml"]);
});

test("validate reports every error at its place, with exit code 1 and nothing on stdout", async () => {
  const folder = await folderWith("lab: demo\nsandboxes:\n  web: { image: x, memory: 512, cpu: 2 }\n");
  const { exitCode, stdout, stderr } = await runTerrarium(folder, ["validate"]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toMatch(/^lab\.yaml:3:\d+: error /);
  expect(stderr).toContain("BAD_SIZE");
  expect(stderr).toContain("UNKNOWN_KEY");
});

test("with --json errors are one document on stdout", async () => {
  const folder = await folderWith("lab: demo\nsandboxes:\n  web: { memory: 512 }\n");
  const { exitCode, stdout, stderr } = await runTerrarium(folder, ["validate", "--json"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, diagnostics: [{ code: "BAD_SIZE", source: { line: 3 } }] });
});

test.each([["validate"], ["synth"], ["lock"]])("%s says which lab file is missing and what to do", async (command) => {
  const folder = await temporaryFolder();
  const { exitCode, stderr } = await runTerrarium(folder, [command]);
  expect(exitCode).toBe(1);
  expect(stderr).toBe(
    "error LAB_FILE_MISSING: there is no file lab.yaml\n  → Name the file (`-f FILE`), or make a first one: `terrarium init`.\n",
  );
});

test("a folder in the place of the lab file is refused", async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "lab.yaml"));
  const { exitCode, stderr } = await runTerrarium(folder, ["validate"]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("error FILE_UNREADABLE: lab.yaml cannot be read (EISDIR)");
});

test("the file may be the argument or -f, but not two", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "other.yaml"), smallLab);
  expect(await runTerrarium(folder, ["validate", "other.yaml"])).toMatchObject({ exitCode: 0 });
  expect(await runTerrarium(folder, ["validate", "-f", "other.yaml"])).toMatchObject({ exitCode: 0 });
  expect(await runTerrarium(folder, ["validate", "-f", "a.yaml", "b.yaml"])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("expected one lab file, found two: b.yaml and a.yaml") as string,
  });
});

test.each([
  [["--var", "size"], "BAD_VARIABLE"],
  [["--var", "1x=2"], "BAD_VARIABLE"],
  [["--var", "nobody=1"], "UNUSED_VARIABLE"],
  [["--var-file", "nope.yaml"], "LAB_FILE_MISSING"],
])("validate %j is an error with a next step", async (flags, code) => {
  const folder = await folderWith(smallLab);
  const { exitCode, stdout } = await runTerrarium(folder, ["validate", "--json", ...flags]);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ diagnostics: [{ code, nextStep: expect.any(String) as string }] });
});

test("synth prints Terraform JSON and nothing else, also with --json", async () => {
  const folder = await folderWith(smallLab);
  const plain = await runTerrarium(folder, ["synth"]);
  expect(plain).toMatchObject({ exitCode: 0, stderr: "" });
  expect(Object.keys((JSON.parse(plain.stdout) as { resource: object }).resource)).toContain("libvirt_domain");
  expect((await runTerrarium(folder, ["synth", "--json"])).stdout).toBe(plain.stdout);
  expect(await readdir(folder)).toEqual(["lab.yaml"]);
});

test("synth --print-lab prints the same lab as YAML and as JSON", async () => {
  const folder = await folderWith(smallLab);
  const yaml = await runTerrarium(folder, ["synth", "--print-lab"]);
  const json = await runTerrarium(folder, ["synth", "--print-lab", "--json"]);
  expect(parse(yaml.stdout)).toEqual(JSON.parse(json.stdout));
  expect(JSON.parse(json.stdout)).toMatchObject({ name: "demo", sandboxes: { "web-2": { writtenAs: "web" } } });
});

test("synth --out writes a folder whose state is in it", async () => {
  const folder = await folderWith(smallLab);
  expect(await runTerrarium(folder, ["synth", "--out", "a/b"])).toMatchObject({ exitCode: 0 });
  const json = JSON.parse(await readFile(join(folder, "a/b/cdk.tf.json"), "utf8")) as unknown;
  expect(json).toMatchObject({ terraform: { backend: { local: { path: "terraform.tfstate" } } } });
  const lab = JSON.parse(await readFile(join(folder, "a/b/terrarium.lab.json"), "utf8")) as unknown;
  expect(lab).toMatchObject({ format: 1, name: "demo" });
});

test("synth --out keeps a backend that the lab names", async () => {
  const folder = await folderWith(`${smallLab}backend: { http: { address: "http://127.0.0.1/state" } }\n`);
  await runTerrarium(folder, ["synth", "--out", "out"]);
  const json = JSON.parse(await readFile(join(folder, "out/cdk.tf.json"), "utf8")) as { terraform: { backend: unknown } };
  expect(json.terraform.backend).toEqual({ http: { address: "http://127.0.0.1/state" } });
});

test("synth --out into a file is refused by name", async () => {
  const folder = await folderWith(smallLab);
  const { exitCode, stderr } = await runTerrarium(folder, ["synth", "--out", "lab.yaml"]);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^error SYSTEM_REFUSED: .*lab\.yaml/);
});

test("lock writes the lock once and says what is new", async () => {
  const folder = await folderWith(smallLab);
  const first = await runTerrarium(folder, ["lock"]);
  expect(first.stdout).toMatch(/^Wrote terrarium\.lock\.yaml\.\n(?: {2}.+\n)+$/);
  expect(first.stdout).toContain("  sandbox web-2 added: addresses.front 10.20.0.");
  expect(await runTerrarium(folder, ["lock"])).toEqual({ exitCode: 0, stdout: "terrarium.lock.yaml is up to date.\n", stderr: "" });
});

test.each([["lock"], ["synth"], ["validate"]])("%s --locked refuses a lock that would change, and leaves it alone", async (command) => {
  const folder = await folderWith(smallLab);
  const { exitCode, stderr } = await runTerrarium(folder, [command, "--locked"]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("error LOCK_WOULD_CHANGE");
  expect(await readdir(folder)).toEqual(["lab.yaml"]);
});

test("lock settles a merge conflict with the entries of both sides", async () => {
  const folder = await folderWith(smallLab);
  await runTerrarium(folder, ["lock"]);
  const path = join(folder, "terrarium.lock.yaml");
  const lock = await readFile(path, "utf8");
  const line = lock.split("\n").find((candidate) => candidate.startsWith("      db:")) ?? "";
  await writeFile(
    path,
    lock.replace(line, `<<<<<<< ours\n${line}\n=======\n      cache: { addresses: { front: [10.20.0.77] } }\n>>>>>>> theirs`),
  );
  expect(await runTerrarium(folder, ["validate"])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("LOCK_CONFLICT") as string,
  });
  const healed = await runTerrarium(folder, ["lock"]);
  expect(healed.exitCode).toBe(0);
  expect(healed.stdout).toContain("both sides of its merge conflict");
  // Of a sandbox that the lab does not have its addresses are kept from others, for a while.
  const former = "    former:\n      cache: { removed: 1, addresses: { front: [10.20.0.77] } }\n";
  expect(await readFile(path, "utf8")).toBe(`${lock}${former}`);
});

test("schema prints the schema of the package", async () => {
  const { stdout } = await runTerrarium(await temporaryFolder(), ["schema", "--json"]);
  expect(stdout).toBe(await readFile(new URL("../../../schemas/lab.schema.json", import.meta.url), "utf8"));
});

const secretLab = `lab: demo
images: { base: { url: https://images.example.test/base.qcow2, sha256: ${"a".repeat(64)} } }
defaults: { image: base }
sandboxes:
  web:
    cloudInit:
      writeFiles: [{ path: /etc/token, content: "token=\${env:DEMO_TOKEN}", permissions: "0600" }]
      runCmd: [echo hello]
  drive: { seed: configdrive }
  bare: { seed: none }
`;

test("synth --seed shows what the guest will read: secrets by their names, and no key that is not made yet", async () => {
  const folder = await folderWith(secretLab);
  const { exitCode, stdout } = await runTerrarium(folder, ["synth", "--seed", "web"]);
  expect(exitCode).toBe(0);
  expect(stdout.match(/^==> .* <==$/gm)).toEqual([
    "==> user-data <==",
    "==> meta-data <==",
    "==> vendor-data <==",
    "==> network-config <==",
  ]);
  expect(stdout).toContain("token=***${env:DEMO_TOKEN}***");
  expect(stdout).toContain("***SSH host key***");
  expect(stdout).not.toContain("PRIVATE KEY");
  expect(await readdir(folder)).toEqual(["lab.yaml"]);
  const document = JSON.parse((await runTerrarium(folder, ["synth", "--seed", "drive", "--json"])).stdout) as {
    volumeId: string;
    files: { path: string }[];
  };
  expect(document.volumeId).toBe("config-2");
  expect(document.files.map(({ path }) => path)).toContain("openstack/latest/user_data");
});

test("synth --seed --reveal shows the secrets, once there is a key that they hang on", async () => {
  const folder = await folderWith(secretLab);
  const before = await runTerrarium(folder, ["synth", "--seed", "web", "--reveal"], { DEMO_TOKEN: "s3cret" });
  expect(before).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("made by the first apply") as string });
  const key = "A".repeat(43);
  const { stdout } = await runTerrarium(folder, ["synth", "--seed", "web", "--reveal"], { DEMO_TOKEN: "s3cret", TERRARIUM_KEY: key });
  expect(stdout).toContain("token=s3cret");
  expect(stdout).toContain("PRIVATE KEY");
  const without = await runTerrarium(folder, ["synth", "--seed", "web", "--reveal"], { TERRARIUM_KEY: key });
  expect(without).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("DEMO_TOKEN") as string });
  const masked = await runTerrarium(folder, ["synth", "--seed", "web"], { DEMO_TOKEN: "s3cret", TERRARIUM_KEY: key });
  expect(masked.stdout).not.toContain("s3cret");
});

test("synth --seed names the sandboxes that have one", async () => {
  const folder = await folderWith(secretLab);
  expect(await runTerrarium(folder, ["synth", "--seed", "bare"])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("These have one: drive, web") as string,
  });
  expect(await runTerrarium(folder, ["synth", "--seed", "wob"])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("UNKNOWN_SANDBOX") as string,
  });
});
