import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { execa } from "execa";

/** A raw disk of some content with a boot sector's signature: 1 MiB, the same for the same seed. */
export async function rawDisk(path: string, seed = "disk"): Promise<string> {
  const block = createHash("sha512").update(seed).digest();
  const disk = Buffer.concat(Array.from({ length: 1024 ** 2 / block.length }, () => block));
  disk.writeUInt16LE(0xaa55, 510);
  await writeFile(path, disk);
  return path;
}

export async function qemuImg(...args: string[]): Promise<string> {
  return (await execa("qemu-img", args)).stdout;
}

/** A qcow2 image of the raw disk of this seed. */
export async function qcow2Disk(path: string, seed?: string): Promise<string> {
  const raw = await rawDisk(`${path}.raw`, seed);
  await qemuImg("convert", "-f", "raw", "-O", "qcow2", raw, path);
  return path;
}

export async function sha256Of(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}

/** True if two disks of any format show a guest the same bytes. */
export async function sameContent(one: string, other: string): Promise<boolean> {
  const { exitCode } = await execa("qemu-img", ["compare", "-q", one, other], { reject: false });
  return exitCode === 0;
}
