import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fetchImage } from "../../../../lib/images/fetch-image.ts";
import { digestOfFile } from "../../../../lib/images/file-digest.ts";
import type { ImageSource } from "../../../../lib/images/image-source.ts";
import { qcow2Disk, qemuImg, rawDisk, sameContent, sha256Of } from "./disks.ts";
import { FileServer } from "./file-server.ts";

let directory: string;
let cacheDirectory: string;
const at = (name: string): string => join(directory, name);
const atPath = (path: string): ImageSource => ({ kind: "path", path });

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "terrarium-fetch-"));
  cacheDirectory = at("cache");
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

test("a qcow2 file is used where it lies", async () => {
  const path = await qcow2Disk(at("a.qcow2"));
  const digest = await sha256Of(path);
  expect(await fetchImage(atPath(path), { cacheDirectory })).toEqual({
    path,
    digest,
    contentSha256: digest,
    format: "qcow2",
    virtualSize: 1024 ** 2,
  });
});

test.each(["raw", "vmdk", "vdi"])(
  "a %s file becomes a standalone qcow2 image with the same content, named by the file's checksum",
  async (format) => {
    const raw = await rawDisk(at("a.raw"));
    const source = at(`a.${format}.img`);
    await qemuImg("convert", "-f", "raw", "-O", format, raw, source);
    const image = await fetchImage(atPath(source), { cacheDirectory });
    expect(image.path).toBe(join(cacheDirectory, `${await sha256Of(source)}.qcow2`));
    expect(image.contentSha256).toBe(await sha256Of(image.path));
    expect(JSON.parse(await qemuImg("info", "-f", "qcow2", "--output", "json", image.path))).toMatchObject({ "virtual-size": 1024 ** 2 });
    expect(await sameContent(raw, image.path)).toBe(true);
  },
);

test("gzip and xz are unpacked, what they hold is converted", async () => {
  const raw = await rawDisk(at("a.raw"));
  await writeFile(at("a.gz"), await promisify(gzip)(await readFile(raw)));
  await execa("xz", ["--keep", "--format=xz", raw]);
  for (const name of ["a.gz", "a.raw.xz"]) {
    const image = await fetchImage(atPath(at(name)), { cacheDirectory });
    expect(await sameContent(raw, image.path)).toBe(true);
  }
});

test("an image that is cut short is refused and leaves nothing", async () => {
  const packed = await promisify(gzip)(await readFile(await rawDisk(at("a.raw"))));
  await writeFile(at("a.gz"), packed.subarray(0, packed.length / 2));
  await execa("xz", ["--keep", at("a.raw")]);
  await writeFile(at("a.xz"), (await readFile(at("a.raw.xz"))).subarray(0, -20));
  const qcow2 = await qcow2Disk(at("a.qcow2"));
  await writeFile(at("b.qcow2"), (await readFile(qcow2)).subarray(0, 262_144));
  for (const name of ["a.gz", "a.xz", "b.qcow2"]) {
    await expect(fetchImage(atPath(at(name)), { cacheDirectory })).rejects.toMatchObject({ diagnostics: [{ code: "IMAGE_DAMAGED" }] });
  }
  expect((await readdir(cacheDirectory)).filter((name) => !name.endsWith(".lock") && name !== "digests")).toEqual([]);
});

/** QEMU measures how fast it is to choose a key's iterations, and gives up where the clock is too coarse for that: 13 of 60 times on a quiet machine. */
async function encrypted(make: () => Promise<string>): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await make();
    } catch (error) {
      if (attempt === 20 || !String(error).includes("Unable to get accurate CPU usage")) throw error;
    }
  }
}

test("parts of disks and encrypted disks that qemu-img really makes are refused", async () => {
  const base = await qcow2Disk(at("base.qcow2"));
  await qemuImg("create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", base, at("overlay.qcow2"));
  await qemuImg("create", "-q", "-f", "qcow2", "-o", `data_file=${at("data.raw")},data_file_raw=on`, at("data.qcow2"), "1M");
  const luks = "encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=10";
  await encrypted(() => qemuImg("create", "-q", "-f", "qcow2", "--object", "secret,id=s,data=x", "-o", luks, at("secret.qcow2"), "1M"));
  await qemuImg("convert", "-O", "vmdk", "-o", "subformat=monolithicFlat", base, at("flat.vmdk"));
  const expected = {
    "overlay.qcow2": "IMAGE_NOT_STANDALONE",
    "data.qcow2": "IMAGE_NOT_STANDALONE",
    "secret.qcow2": "IMAGE_ENCRYPTED",
    "flat.vmdk": "IMAGE_NOT_STANDALONE",
  };
  for (const [name, code] of Object.entries(expected)) {
    await expect(fetchImage(atPath(at(name)), { cacheDirectory })).rejects.toMatchObject({ diagnostics: [{ code }] });
  }
});

test("a missing file and a web page are errors of their own", async () => {
  await writeFile(at("page.qcow2"), "<!DOCTYPE html><title>404</title>");
  await expect(fetchImage(atPath(at("none.qcow2")), { cacheDirectory })).rejects.toThrow("IMAGE_NOT_FOUND");
  await expect(fetchImage(atPath(at("page.qcow2")), { cacheDirectory })).rejects.toThrow("IMAGE_NOT_A_DISK");
});

test("a download ends as a verified image in the cache, and is asked for once", async () => {
  const path = await qcow2Disk(at("a.qcow2"));
  await using files = await FileServer.serve(await readFile(path));
  const source: ImageSource = { kind: "url", url: files.url, sha256: (await sha256Of(path)).toUpperCase() };
  const image = await fetchImage(source, { cacheDirectory });
  expect(await sha256Of(image.path)).toBe(image.digest);
  expect(await fetchImage(source, { cacheDirectory })).toEqual(image);
  expect(files.requests).toEqual(["all"]);
  expect((await readdir(cacheDirectory)).sort()).toEqual([`${image.digest}.json`, `${image.digest}.lock`, `${image.digest}.qcow2`]);
});

test("a compressed download is verified as it is on the server, and only the disk is kept", async () => {
  const raw = await rawDisk(at("a.raw"));
  await writeFile(at("a.gz"), await promisify(gzip)(await readFile(raw)));
  await using files = await FileServer.serve(await readFile(at("a.gz")));
  const image = await fetchImage({ kind: "url", url: files.url, sha256: await sha256Of(at("a.gz")) }, { cacheDirectory });
  expect(await sameContent(raw, image.path)).toBe(true);
  expect((await readdir(cacheDirectory)).sort()).toEqual([`${image.digest}.json`, `${image.digest}.lock`, `${image.digest}.qcow2`]);
});

test("a cached image that somebody wrote to is not taken", async () => {
  const path = await qcow2Disk(at("a.qcow2"));
  await using files = await FileServer.serve(await readFile(path));
  const source: ImageSource = { kind: "url", url: files.url, sha256: await sha256Of(path) };
  const image = await fetchImage(source, { cacheDirectory });
  await appendFile(image.path, "x");
  expect(await sha256Of((await fetchImage(source, { cacheDirectory })).path)).toBe(image.digest);
  expect(files.requests).toHaveLength(2);
});

test("several that want the same image make it once", async () => {
  const path = await qcow2Disk(at("a.qcow2"));
  await using files = await FileServer.serve(await readFile(path));
  const source: ImageSource = { kind: "url", url: files.url, sha256: await sha256Of(path) };
  const images = await Promise.all([1, 2, 3, 4].map(() => fetchImage(source, { cacheDirectory })));
  expect(new Set(images.map((image) => image.path)).size).toBe(1);
  expect(files.requests).toEqual(["all"]);
});

test.each([
  ["ftp://example.test/a.qcow2", "a".repeat(64)],
  ["https://example.test/a.qcow2", "../../etc/passwd"],
  ["not an address", "a".repeat(64)],
])("%s with checksum %s is refused before anything is asked", async (url, sha256) => {
  await expect(fetchImage({ kind: "url", url, sha256 }, { cacheDirectory })).rejects.toThrow("IMAGE_SOURCE_INVALID");
});

test("a lock whose holder is killed is free at once", async () => {
  const path = await qcow2Disk(at("a.qcow2"));
  const digest = await sha256Of(path);
  const script = `
    import { withFileLock } from ${JSON.stringify(join(import.meta.dirname, "../../../../lib/images/file-lock.ts"))};
    await withFileLock(process.argv[2], () => new Promise(() => { process.stdout.write("locked"); setInterval(() => {}, 1000); }));`;
  await writeFile(at("hold.mts"), script);
  const holder = spawn(process.execPath, ["--import", "tsx", at("hold.mts"), join(cacheDirectory, `${digest}.lock`)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(holder.stdout, "data");
  const waiting: string[] = [];
  const fetched = fetchImage(atPath(path), {
    cacheDirectory,
    onProgress: ({ phase }) => {
      // Killed only once somebody waits for it.
      if (phase === "waiting") holder.kill("SIGKILL");
      waiting.push(phase);
    },
  });
  expect((await fetched).digest).toBe(digest);
  expect(waiting).toContain("waiting");
});

test("the sum of an unchanged file is remembered", async () => {
  // A file older than the two seconds in which a change might not show: the program that runs this.
  const first: string[] = [];
  const second: string[] = [];
  const digest = await digestOfFile(process.execPath, { cacheDirectory, onProgress: ({ phase }) => first.push(phase) });
  expect(await digestOfFile(process.execPath, { cacheDirectory, onProgress: ({ phase }) => second.push(phase) })).toBe(digest);
  expect(first).toContain("hashing");
  expect(second).toEqual([]);
});

test("a file that was changed and given its old times again has its sum taken again", async () => {
  const path = await rawDisk(at("a.raw"));
  const old = new Date(Date.now() - 3_600_000);
  await utimes(path, old, old);
  const first = await digestOfFile(path, { cacheDirectory });
  await rawDisk(path, "other content of the same size");
  await utimes(path, old, old);
  expect(await digestOfFile(path, { cacheDirectory })).toBe(await sha256Of(path));
  expect(await digestOfFile(path, { cacheDirectory })).not.toBe(first);
});
