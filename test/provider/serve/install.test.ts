import { chmod, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { installProvider } from "../../../lib/provider/serve/install.ts";
import { lockHash, terraformPlatform } from "../../../lib/provider/serve/mirror-layout.ts";
import { packProvider } from "../../../lib/provider/serve/pack.ts";
import { zipExecutable } from "../../../lib/provider/serve/zip.ts";

const release = { address: "example.test/acme/bench", version: "1.0.0", program: Buffer.from("#!/usr/bin/env node\n") };
const platform = "linux_amd64";
let mirror: string;

beforeEach(async () => {
  mirror = await mkdtemp(join(tmpdir(), "terrarium-mirror-"));
});

afterEach(async () => await rm(mirror, { recursive: true, force: true }));

const files = async () =>
  (await readdir(mirror, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(mirror.length + 1))
    .sort();

test("an installed provider lies where Terraform looks, executable, and alone", async () => {
  const { file, outcome } = await installProvider(release, { mirror, platform });
  expect(outcome).toBe("installed");
  expect(await files()).toEqual(["example.test/acme/bench/1.0.0/linux_amd64/terraform-provider-bench_v1.0.0.cjs"]);
  expect((await stat(file)).mode & 0o777).toBe(0o755);
  expect(await readdir(join(mirror, "example.test/acme/bench"))).toEqual(["1.0.0"]);
});

test("installing twice changes nothing but a lost mode", async () => {
  const { file } = await installProvider(release, { mirror, platform });
  const { mtimeMs } = await stat(file);
  await chmod(file, 0o600);
  expect((await installProvider(release, { mirror, platform })).outcome).toBe("already");
  expect((await stat(file)).mtimeMs).toBe(mtimeMs);
  expect((await stat(file)).mode & 0o777).toBe(0o755);
});

test("a newer version leaves the older one", async () => {
  await installProvider(release, { mirror, platform });
  await installProvider({ ...release, version: "1.1.0" }, { mirror, platform });
  expect(await files()).toHaveLength(2);
});

test("another build of the same version is refused, and replaces only when that is wanted", async () => {
  await installProvider(release, { mirror, platform });
  const other = { ...release, program: Buffer.from("other") };
  await expect(installProvider(other, { mirror, platform })).rejects.toMatchObject({ diagnostics: [{ code: "PROVIDER_VERSION_TAKEN" }] });
  const { file, outcome } = await installProvider(other, { mirror, platform, replace: true });
  expect([outcome, await readFile(file, "utf8")]).toEqual(["replaced", "other"]);
});

test("a packed mirror lists all its versions, and the same program makes the same bytes", async () => {
  await packProvider(release, mirror, ["linux_amd64", "darwin_arm64"]);
  const archive = join(mirror, "example.test/acme/bench/terraform-provider-bench_1.0.0_linux_amd64.zip");
  const first = await readFile(archive);
  await packProvider({ ...release, version: "1.1.0" }, mirror, ["linux_amd64"]);
  await packProvider(release, mirror, ["linux_amd64", "darwin_arm64"]);
  expect((await readFile(archive)).equals(first)).toBe(true);
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(mirror, "example.test/acme/bench", name), "utf8"));
  expect(await read("index.json")).toEqual({ versions: { "1.0.0": {}, "1.1.0": {} } });
  expect(await read("1.0.0.json")).toMatchObject({
    archives: { darwin_arm64: { hashes: [lockHash(release)], url: "terraform-provider-bench_1.0.0_darwin_arm64.zip" } },
  });
});

test("the archive has one file with mode 0755, which unpacks to what was packed", () => {
  const content = Buffer.from("content ".repeat(100));
  const archive = zipExecutable("name", content);
  expect(inflateRawSync(archive.subarray(34)).equals(content)).toBe(true);
  const central = archive.indexOf(Buffer.from("PK\x01\x02"));
  expect(archive.readUInt32LE(central + 38) >>> 16).toBe(0o100755);
});

test.each([
  ["linux", "x64", "linux_amd64"],
  ["darwin", "arm64", "darwin_arm64"],
  ["win32", "ia32", "windows_386"],
] as const)("Terraform's name of %s on %s is %s", (system, processor, name) => {
  expect(terraformPlatform(system, processor)).toBe(name);
});
