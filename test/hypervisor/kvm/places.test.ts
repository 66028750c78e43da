import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { digestOf, imagePath, imagesDirectory } from "../../../lib/hypervisor/kvm/image-path.ts";
import { poolOfDeployment } from "../../../lib/hypervisor/kvm/pool-of-deployment.ts";
import { readQcow2Header } from "../../../lib/hypervisor/kvm/qcow2-header.ts";
import { imagesDirectory as placedDirectory, placedImagePath } from "../../../lib/images/placed-images.ts";
import { place } from "../../../stacks/emit/names.ts";
import { owner } from "./specs.ts";

const digest = "0123456789abcdef".repeat(4);

test("images and pools are where the libvirt provider's emission and lib/images have them", () => {
  expect(imagesDirectory).toBe(placedDirectory);
  expect(imagePath(digest)).toBe(place.image(digest));
  expect(imagePath(digest)).toBe(placedImagePath(digest));
  const { directory } = poolOfDeployment(owner, "local");
  expect(directory).toBe(place.pool("local").replace(/\$\{[^}]*\}/, owner.deployment));
});

test("what is no digest never becomes a path", () => {
  for (const bad of ["", "x", "../../etc/passwd", `${digest}/x`, digest.toUpperCase()]) expect(() => imagePath(bad)).toThrow(RangeError);
  expect(digestOf(imagePath(digest))).toBe(digest);
  expect(digestOf(`/elsewhere/${digest}.qcow2`)).toBeUndefined();
  expect(digestOf("/var/lib/terrarium/images/notes.qcow2")).toBeUndefined();
});

test("a qcow2 header says its size and what it starts from; another file and none say nothing", async () => {
  const directory = await mkdtemp(join(tmpdir(), "qcow2-"));
  try {
    const write = async (name: string, content: Buffer): Promise<string> => {
      await writeFile(join(directory, name), content);
      return join(directory, name);
    };
    const header = (backing: string): Buffer => {
      const bytes = Buffer.alloc(512);
      bytes.writeUInt32BE(0x514649fb, 0);
      bytes.writeUInt32BE(3, 4);
      bytes.writeBigUInt64BE(backing === "" ? 0n : 112n, 8);
      bytes.writeUInt32BE(backing.length, 16);
      bytes.writeBigUInt64BE(2n ** 33n, 24);
      bytes.write(backing, 112);
      return bytes;
    };
    expect(await readQcow2Header(await write("base", header("")))).toEqual({ sizeBytes: 2 ** 33 });
    expect(await readQcow2Header(await write("over", header("/images/base")))).toEqual({ sizeBytes: 2 ** 33, backingFile: "/images/base" });
    expect(await readQcow2Header(await write("raw", Buffer.alloc(512)))).toBeUndefined();
    expect(await readQcow2Header(await write("short", header("").subarray(0, 40)))).toBeUndefined();
    expect(await readQcow2Header(join(directory, "none"))).toBeUndefined();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
