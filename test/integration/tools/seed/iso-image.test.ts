import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { noCloudFiles, noCloudVolumeId } from "../../../../lib/cloud-init/no-cloud-files.ts";
import { isoImage, type IsoImageOptions } from "../../../../lib/seed/iso-image.ts";
import { fullIntent } from "../../../cloud-init/intents.ts";

const environment = { ...process.env, LC_ALL: "C", TZ: "UTC" };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const noCloud: IsoImageOptions = {
  volumeId: "cidata",
  files: [
    { path: "user-data", content: bytes("#cloud-config\n{}\n"), mode: 0o400 },
    { path: "meta-data", content: bytes("instance-id: web-1\n") },
    { path: "vendor-data", content: bytes("") },
    { path: "network-config", content: bytes("x".repeat(5000)) },
  ],
};
const configDrive: IsoImageOptions = {
  volumeId: "config-2",
  files: [
    { path: "openstack/latest/meta_data.json", content: bytes("{}") },
    { path: "openstack/latest/user_data", content: bytes("#!/bin/sh\n") },
    { path: "openstack/content/0000", content: new Uint8Array(4096).fill(9) },
    { path: "größe-€-😀", content: bytes("names beyond ASCII") },
    { path: "long-".repeat(50), content: bytes("a name that needs a continuation area") },
  ],
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "terrarium-iso-"));
});
afterAll(() => {
  // What xorriso extracted is read-only, as in the image.
  run("chmod", "-R", "u+w", folder);
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, options: IsoImageOptions): string {
  const path = join(folder, `${name}.iso`);
  writeFileSync(path, isoImage(options));
  return path;
}

/** Standard output of a program that must succeed. */
function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, { env: environment, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

interface Held {
  readonly mode: number;
  readonly content: Uint8Array;
}

/** What a directory holds, by path. */
function heldBy(directory: string): Record<string, Held> {
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((path) => statSync(join(directory, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, held(join(directory, path))]));
}

function held(path: string): Held {
  return { mode: statSync(path).mode & 0o7777, content: Uint8Array.from(readFileSync(path)) };
}

/** What an image was asked to hold, by path. */
function declared({ files }: IsoImageOptions): Record<string, Held> {
  return Object.fromEntries(files.map(({ path, mode = 0o444, content }) => [path, { mode, content: Uint8Array.from(content) }]));
}

test.each([
  ["cidata", noCloud],
  ["config-2", configDrive],
] as const)("blkid finds the label %s on an iso9660 file system", (label, options) => {
  const facts = run("blkid", "-p", "-o", "export", write(label, options)).split("\n");
  expect(facts).toContain(`LABEL=${label}`);
  expect(facts).toContain("TYPE=iso9660");
});

test("isoinfo knows both extensions, and lists names, modes and sizes", () => {
  const image = write("isoinfo", noCloud);
  const description = run("isoinfo", "-d", "-i", image);
  expect(description).toContain("Volume id: cidata");
  expect(description).toContain("Joliet with UCS level 3 found");
  expect(description).toContain("Rock Ridge signatures version 1 found");
  const rockRidge = run("isoinfo", "-l", "-R", "-i", image);
  expect(rockRidge).toMatch(/^-r-------- +1 +0 +0 +17 Jan +1 2000 .* user-data *$/m);
  expect(rockRidge).toMatch(/^-r--r--r-- +1 +0 +0 +5000 Jan +1 2000 .* network-config *$/m);
  expect(run("isoinfo", "-f", "-J", "-i", image).trim().split("\n")).toEqual([
    "/meta-data;1",
    "/network-config;1",
    "/user-data;1",
    "/vendor-data;1",
  ]);
  expect(run("isoinfo", "-f", "-i", image).trim().split("\n")).toEqual(["/META_DAT.;1", "/NETWORK_.;1", "/USER_DAT.;1", "/VENDOR_D.;1"]);
});

test.each([
  ["NoCloud", noCloud],
  ["ConfigDrive", configDrive],
] as const)("xorriso extracts a %s image byte by byte, without a complaint", (name, options) => {
  const target = join(folder, `extracted-${name}`);
  mkdirSync(target);
  const result = spawnSync("xorriso", ["-abort_on", "WARNING", "-osirrox", "on", "-indev", write(name, options), "-extract", "/", target], {
    env: environment,
    encoding: "utf8",
  });
  expect(result.stderr).not.toMatch(/WARNING|SORRY|FAILURE/);
  expect(result.status).toBe(0);
  expect(heldBy(target)).toEqual(declared(options));
});

test("cloud-init's NoCloud seed of our own files is found by its label, with every file in its root", () => {
  const files = noCloudFiles(fullIntent).map(({ path, content }) => ({ path, content: bytes(content) }));
  const image = write("intent", { volumeId: noCloudVolumeId, files });
  expect(run("blkid", "-p", "-o", "value", "-s", "LABEL", image).trim()).toBe("cidata");
  for (const { path, content } of files)
    expect(run("isoinfo", "-R", "-i", image, "-x", `/${path}`)).toBe(Buffer.from(content).toString("utf8"));
});

test("isoinfo extracts a file through Joliet", () => {
  const image = write("joliet", configDrive);
  expect(run("isoinfo", "-J", "-i", image, "-x", "/openstack/latest/user_data;1")).toBe("#!/bin/sh\n");
});

test.for([
  ["NoCloud", noCloud],
  ["ConfigDrive", configDrive],
] as const)("the kernel mounts a %s image and reads it byte by byte", ([name, options], { skip }) => {
  withMount(skip, `mounted-${name}`, write(`mount-${name}`, options), [], (directory) => {
    expect(heldBy(directory)).toEqual(declared(options));
  });
});

test("the kernel finds the same files through Joliet", ({ skip }) => {
  withMount(skip, "mounted-joliet", write("mount-joliet", noCloud), ["norock"], (directory) => {
    // Joliet knows no modes.
    const contents = Object.entries(heldBy(directory)).map(([path, { content }]) => [path, content]);
    expect(Object.fromEntries(contents)).toEqual(
      Object.fromEntries(noCloud.files.map(({ path, content }) => [path, Uint8Array.from(content)])),
    );
  });
});

test("xorriso reads back random names and sizes", () => {
  const name = fc.stringMatching(/^[A-Za-z0-9._ä€😀-]{1,40}$/u).filter((text) => text !== "." && text !== "..");
  const file = fc.record({
    path: fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/")),
    content: fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom(2047, 2048, 2049, 70_000).map((size) => new Uint8Array(size).fill(1)),
    ),
  });
  const files = fc
    .uniqueArray(file, { minLength: 1, maxLength: 40, selector: ({ path }) => path })
    .map((list) => list.filter(({ path }) => !list.some((other) => other.path.startsWith(`${path}/`))));
  let count = 0;
  fc.assert(
    fc.property(files, (list) => {
      const options = { volumeId: "cidata", files: list };
      const target = join(folder, `random-${count++}`);
      run("xorriso", "-osirrox", "on:auto_chmod_on", "-indev", write("random", options), "-extract", "/", target);
      expect(heldBy(target)).toEqual(declared(options));
    }),
    { numRuns: 15 },
  );
});

/** Mounts, or skips the test where the machine cannot: not root, no loop device, a kernel without iso9660. */
function withMount(
  skip: (note: string) => never,
  name: string,
  image: string,
  options: readonly string[],
  body: (directory: string) => void,
): void {
  const directory = join(folder, name);
  mkdirSync(directory);
  const mounted = spawnSync("mount", ["-t", "iso9660", "-o", ["loop", "ro", ...options].join(","), image, directory], {
    env: environment,
    encoding: "utf8",
  });
  if (mounted.status !== 0) {
    // Only what the machine lacks is a reason to skip; a file system that the kernel refuses is a failure.
    const reason = mounted.stderr.trim().split("\n")[0] ?? "";
    if (!/unknown filesystem type|must be superuser|permission denied|failed to setup loop device/i.test(reason)) throw new Error(reason);
    skip(`this machine cannot mount the image: ${reason}`);
  }
  try {
    body(directory);
  } finally {
    run("umount", directory);
  }
}
