import { chmod, copyFile, link, lstat, utimes, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FetchedImage } from "../../../../lib/images/cache-entry.ts";
import { ensureImage } from "../../../../lib/images/ensure-image.ts";
import { fetchImage } from "../../../../lib/images/fetch-image.ts";
import { removeName, setImmutable } from "../../../../lib/images/immutable.ts";
import { placeImage } from "../../../../lib/images/place-image.ts";
import { isNeeded, noteNeed } from "../../../../lib/images/image-need.ts";
import { listPlacedImages, removePlacedImage } from "../../../../lib/images/placed-images.ts";
import { removeUnneededImage } from "../../../../lib/images/remove-unneeded-image.ts";
import { qcow2Disk, sha256Of } from "./disks.ts";

let directory: string;
let imagesDirectory: string;
let image: FetchedImage;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "terrarium-place-"));
  imagesDirectory = join(directory, "images");
  image = await fetchImage(
    { kind: "path", path: await qcow2Disk(join(directory, "a.qcow2")) },
    { cacheDirectory: join(directory, "cache") },
  );
});

afterEach(async () => {
  for (const { digest } of await listPlacedImages({ imagesDirectory })) await removePlacedImage(digest, { imagesDirectory });
  await rm(directory, { recursive: true });
});

/** Whether this file system has the immutable attribute, and lets us set it. */
async function canBeImmutable(): Promise<boolean> {
  const probe = join(directory, "probe");
  await writeFile(probe, "");
  const could = await setImmutable(probe, true);
  await setImmutable(probe, false);
  return could;
}

test("an image is placed under its digest, whole and read-only", async () => {
  const placed = await placeImage(image, { imagesDirectory });
  expect(placed).toEqual({
    path: join(imagesDirectory, `${image.digest}.qcow2`),
    digest: image.digest,
    virtualSize: 1024 ** 2,
    fileSize: (await lstat(image.path)).size,
  });
  expect(await sha256Of(placed.path)).toBe(image.contentSha256);
  expect((await lstat(placed.path)).mode & 0o777).toBe(0o444);
  expect(await readdir(imagesDirectory)).toEqual([`${image.digest}.qcow2`]);
});

test("not even root's qemu-img can write to a placed image", async (context) => {
  if (!(await canBeImmutable())) context.skip("this file system has no immutable attribute, or we may not set it");
  const { path } = await placeImage(image, { imagesDirectory });
  const { failed, stderr } = await execa("qemu-img", ["resize", "-f", "qcow2", path, "2M"], { reject: false });
  expect(failed).toBe(true);
  expect(stderr).toMatch(/not permitted|Permission denied/);
});

test("an image that is there is left alone, its protection renewed", async () => {
  const { path } = await placeImage(image, { imagesDirectory });
  const before = await lstat(path);
  await setImmutable(path, false);
  await chmod(path, 0o644);
  await placeImage(image, { imagesDirectory });
  const after = await lstat(path);
  expect(after.ino).toBe(before.ino);
  expect(after.mode & 0o777).toBe(0o444);
});

test("several that place the same image at once leave one", async () => {
  const placed = await Promise.all([1, 2, 3, 4].map(() => placeImage(image, { imagesDirectory })));
  expect(new Set(placed.map(({ path }) => path)).size).toBe(1);
  expect(await readdir(imagesDirectory)).toEqual([`${image.digest}.qcow2`]);
});

test("a file that changed since it was verified is not placed", async () => {
  await qcow2Disk(image.path, "other");
  await expect(placeImage(image, { imagesDirectory })).rejects.toMatchObject({ diagnostics: [{ code: "IMAGE_DAMAGED" }] });
  expect(await readdir(imagesDirectory)).toEqual([]);
});

test("what a killed process left half copied is removed", async () => {
  await placeImage(image, { imagesDirectory });
  await removePlacedImage(image.digest, { imagesDirectory });
  // The highest process id that Linux knows is 2^22.
  const abandoned = join(imagesDirectory, `.${image.digest}.4194305-00000000.part`);
  await copyFile(image.path, abandoned);
  await placeImage(image, { imagesDirectory });
  expect(await readdir(imagesDirectory)).toEqual([`${image.digest}.qcow2`]);
});

test("placed images are listed and removed; what is no image of ours is neither", async () => {
  await placeImage(image, { imagesDirectory });
  await writeFile(join(imagesDirectory, "notes.qcow2"), "mine");
  await writeFile(join(imagesDirectory, `${"0".repeat(64)}.qcow2`), "no qcow2");
  expect((await listPlacedImages({ imagesDirectory })).map(({ digest }) => digest)).toEqual([image.digest]);
  expect(await removePlacedImage(image.digest, { imagesDirectory })).toBe(true);
  expect(await removePlacedImage(image.digest, { imagesDirectory })).toBe(false);
  expect(await listPlacedImages({ imagesDirectory })).toEqual([]);
  expect(await listPlacedImages({ imagesDirectory: join(directory, "none") })).toEqual([]);
});

test("an image that the host has is neither downloaded nor built again", async () => {
  await placeImage(image, { imagesDirectory });
  const unreachable = { kind: "url", url: "http://127.0.0.1:9/gone.qcow2", sha256: image.digest } as const;
  const placed = await ensureImage(unreachable, { imagesDirectory, cacheDirectory: join(directory, "empty") });
  expect(placed.digest).toBe(image.digest);
});

test("a recipe's image that is here under the name in the lock is taken, whatever this release would call it", async () => {
  const digest = "c".repeat(64);
  await placeImage({ ...image, digest }, { imagesDirectory });
  const recipe = { kind: "bootstrap", distribution: "debian", suite: "bookworm", packages: [] } as const;
  const placed = await ensureImage(recipe, { imagesDirectory, cacheDirectory: join(directory, "empty"), digest });
  expect(placed).toMatchObject({ digest, path: join(imagesDirectory, `${digest}.qcow2`) });
});

/** As if it had been placed yesterday, and nobody had asked for it since. */
async function placeLongAgo(): Promise<string> {
  const { path } = await placeImage(image, { imagesDirectory });
  const yesterday = new Date(Date.now() - 24 * 3_600_000);
  await setImmutable(path, false);
  await utimes(path, yesterday, yesterday);
  await setImmutable(path, true);
  return path;
}

test("an image that nobody has asked for lately is removed, and its note with it", async () => {
  const path = await placeLongAgo();
  expect(await isNeeded(path)).toBe(false);
  await noteNeed(path);
  const longAgo = new Date(Date.now() - 2 * 3_600_000);
  await utimes(join(imagesDirectory, `.${image.digest}.qcow2.needed`), longAgo, longAgo);
  expect(await removeUnneededImage(image.digest, { imagesDirectory })).toBe(true);
  expect(await readdir(imagesDirectory)).toEqual([]);
  expect(await removeUnneededImage(image.digest, { imagesDirectory })).toBe(false);
});

test("an image that was placed a moment ago is not removed", async () => {
  await placeImage(image, { imagesDirectory });
  expect(await removeUnneededImage(image.digest, { imagesDirectory })).toBe(false);
  expect(await listPlacedImages({ imagesDirectory })).toHaveLength(1);
});

test("an old image that an apply has asked for a moment ago is not removed", async () => {
  await placeLongAgo();
  await ensureImage({ kind: "path", path: image.path }, { imagesDirectory, cacheDirectory: join(directory, "cache") });
  expect(await removeUnneededImage(image.digest, { imagesDirectory })).toBe(false);
});

test("of two names of a protected image one is removed, and the other stays", async () => {
  const { path } = await placeImage(image, { imagesDirectory });
  const other = join(imagesDirectory, "other");
  await setImmutable(path, false);
  await link(path, other);
  await setImmutable(path, true);
  await removeName(other);
  await removeName(other);
  expect((await readdir(imagesDirectory)).includes("other")).toBe(false);
  expect(await sha256Of(path)).toBe(image.contentSha256);
});

test("whoever asks for images while they are removed has one in the end, unharmed", async () => {
  const source = { kind: "path", path: image.path } as const;
  const cacheDirectory = join(directory, "cache");
  for (let round = 0; round < 10; round++) {
    await removePlacedImage(image.digest, { imagesDirectory });
    await placeLongAgo();
    const [{ path }] = await Promise.all([
      ensureImage(source, { imagesDirectory, cacheDirectory }),
      removeUnneededImage(image.digest, { imagesDirectory }),
    ]);
    expect(await sha256Of(path)).toBe(image.contentSha256);
    expect((await readdir(imagesDirectory)).filter((name) => name.endsWith(".part"))).toEqual([]);
  }
});

test("a directory that we may not write to is one error", async (context) => {
  if (!(await canBeImmutable())) context.skip("this file system has no immutable attribute, or we may not set it");
  await mkdir(imagesDirectory);
  await setImmutable(imagesDirectory, true);
  try {
    await expect(placeImage(image, { imagesDirectory })).rejects.toMatchObject({ diagnostics: [{ code: "IMAGE_DIRECTORY_NOT_WRITABLE" }] });
  } finally {
    await setImmutable(imagesDirectory, false);
  }
});
