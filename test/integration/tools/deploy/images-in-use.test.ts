import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { listImageUse } from "../../../../lib/deploy/images-in-use.ts";

const run = promisify(execFile);

async function makeFolders(): Promise<{ images: string; pools: string; image: (digit: string) => Promise<string> }> {
  const root = await mkdtemp(join(tmpdir(), "terrarium-images-"));
  onTestFinished(async () => await rm(root, { recursive: true, force: true }));
  const [images, pools] = [join(root, "images"), join(root, "pools")];
  await mkdir(images);
  await mkdir(join(pools, "one-local"), { recursive: true });
  return {
    images,
    pools,
    image: async (digit) => {
      const path = join(images, `${digit.repeat(64)}.qcow2`);
      await run("qemu-img", ["create", "-q", "-f", "qcow2", path, "8M"]);
      return path;
    },
  };
}

async function overlay(path: string, backing: string): Promise<void> {
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", backing, path]);
}

async function usedImages(images: string, pools: string): Promise<Record<string, readonly string[]>> {
  const found = await listImageUse({ hosts: [], imagesDirectory: images, poolsDirectory: pools });
  return Object.fromEntries(found.map(({ digest, usedBy }) => [digest.slice(0, 1), usedBy]));
}

test("an image is in use by every disk that starts from it, directly or through another one", async () => {
  const { images, pools, image } = await makeFolders();
  const a = await image("a");
  await image("b");
  const [first, second] = [join(pools, "one-local/web.qcow2"), join(pools, "one-local/snapshot.qcow2")];
  await overlay(first, a);
  await overlay(second, first);
  await writeFile(join(pools, "one-local/web.iso"), "a seed");
  expect(await usedImages(images, pools)).toEqual({ a: [second, first], b: [] });
});

test("a disk whose backing file is gone stands in nobody's way", async () => {
  const { images, pools, image } = await makeFolders();
  const a = await image("a");
  const gone = await image("c");
  await overlay(join(pools, "one-local/broken.qcow2"), gone);
  await rm(gone);
  await overlay(join(pools, "one-local/web.qcow2"), a);
  expect(await usedImages(images, pools)).toEqual({ a: [join(pools, "one-local/web.qcow2")] });
});

test("disks on a host are looked at beside those in the pools", async () => {
  const { images, pools, image } = await makeFolders();
  const disk = join(pools, "../elsewhere.qcow2");
  await overlay(disk, await image("a"));
  const disks = [{ target: "vda", file: disk, kind: "disk" as const }];
  const hypervisor = { listSandboxes: async () => [{ disks }] as never };
  expect(await listImageUse({ hosts: [{ hypervisor }], imagesDirectory: images, poolsDirectory: pools })).toMatchObject([
    { usedBy: [disk] },
  ]);
});
