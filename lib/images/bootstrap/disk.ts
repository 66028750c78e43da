import { open, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { inPrivateNamespace, programEnvironment, run } from "../programs.ts";
import { execa } from "execa";

const sector = 512;
/** First MiB: partition table, boot code, alignment. */
const partitionOffset = 1024 ** 2;
const mebibyte = 1024 ** 2;

/** Boot code of the master boot record: package extlinux. */
export const bootRecordFile = "/usr/lib/EXTLINUX/mbr.bin";

/**
 * A bootable raw disk of one ext4 partition from a root directory, without a loop device for the partition: mke2fs fills it at an offset.
 * Only extlinux needs it mounted, which happens in a mount namespace of its own. Needs root.
 *
 * @param identity 64 hexadecimal digits; file system id and hash seed are taken from it, so that equal content gives equal directories
 */
export async function makeDisk(root: string, disk: string, work: string, identity: string, signal?: AbortSignal): Promise<void> {
  const size = diskSize(await usedBytes(root, signal));
  const file = await open(disk, "wx");
  try {
    await file.truncate(size);
  } finally {
    await file.close();
  }
  await execa("sfdisk", ["--quiet", disk], {
    input: `label: dos\nlabel-id: 0x${identity.slice(32, 40)}\nstart=${partitionOffset / sector}, type=83, bootable\n`,
    env: programEnvironment,
    cancelSignal: signal,
  });
  await writeBootCode(disk);

  const uuid = uuidOf(identity);
  // extlinux reads neither 64-bit nor checksummed ext4. lazy_* off: a base that is complete saves every overlay the background work.
  const features = [
    "-O",
    "^64bit,^metadata_csum",
    "-E",
    `offset=${partitionOffset},hash_seed=${uuid},lazy_itable_init=0,lazy_journal_init=0,nodiscard`,
  ];
  const filesystem = ["-q", "-t", "ext4", "-L", "rootfs", "-U", uuid, ...features, "-d", root, disk, `${(size - partitionOffset) / 1024}k`];
  await run("mke2fs", filesystem, { cancelSignal: signal });

  const mountPoint = join(work, "mnt");
  await mkdir(mountPoint);
  // A constant script with its values as arguments: one process must mount and install, or the namespace is another one.
  const install = 'mount -o "loop,offset=$1" "$2" "$3" && extlinux --install "$3/boot/extlinux" && sync -f "$3" && umount "$3"';
  const [program, args] = inPrivateNamespace(["sh", "-c", install, "sh", String(partitionOffset), disk, mountPoint]);
  await run(program, args, { cancelSignal: signal, killSignal: "SIGKILL", detached: true });
  await rm(mountPoint, { recursive: true });
}

/** Room for what is there, a third more, and 512 MiB to work in; whole 512 MiB, at least 2 GiB. Sparse: what is empty takes no space. */
export function diskSize(used: number): number {
  const step = 512 * mebibyte;
  return Math.max(4 * step, Math.ceil((used * 1.34 + step) / step) * step);
}

async function usedBytes(root: string, signal?: AbortSignal): Promise<number> {
  const { stdout } = await run("du", ["--summarize", "--one-file-system", "--block-size=1", root], { cancelSignal: signal });
  return Number.parseInt(String(stdout), 10);
}

async function writeBootCode(disk: string): Promise<void> {
  const code = (await readFile(bootRecordFile)).subarray(0, 440);
  const file = await open(disk, "r+");
  try {
    await file.write(code, 0, code.length, 0);
  } finally {
    await file.close();
  }
}

function uuidOf(identity: string): string {
  return identity.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-8$4-$5");
}
