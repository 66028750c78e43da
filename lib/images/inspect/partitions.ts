import { open } from "node:fs/promises";
import { run } from "../programs.ts";

/** A file system or whatever else fills a part of a disk. */
export interface Partition {
  /** Its number; 0 where the file system fills the disk. */
  readonly number: number;
  /** Bytes. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
  /** As blkid names it: `ext4`, `xfs`, `LVM2_member`, `crypto_LUKS` … Undefined for what it does not know. */
  readonly content?: string;
  /** True for an EFI system partition. */
  readonly isEfi: boolean;
}

export interface Disk {
  readonly table: "gpt" | "mbr" | "none";
  readonly partitions: readonly Partition[];
  /** True if the boot sector holds a program, so that a BIOS has something to start. */
  readonly hasBootCode: boolean;
}

interface Sfdisk {
  readonly partitiontable: {
    readonly label: string;
    readonly sectorsize?: number;
    readonly partitions?: readonly { node: string; start: number; size: number; type: string }[];
  };
}

const efiTypes: readonly string[] = ["C12A7328-F81F-11D2-BA4B-00C04FD7EFB", "ef"].map((type) => type.toUpperCase());

/** Reads the partition table (GPT or MBR) with sfdisk, and what is in each partition with blkid. */
export async function readDisk(file: string, signal?: AbortSignal): Promise<Disk> {
  const hasBootCode = await bootCode(file);
  const asked = await run("sfdisk", ["--json", file], { cancelSignal: signal, reject: false });
  signal?.throwIfAborted();
  const whole: Partition = { number: 0, offset: 0, size: 0, isEfi: false };
  if (asked.failed) return { table: "none", partitions: [{ ...whole, content: await contentOf(file, whole, signal) }], hasBootCode };

  const { label, sectorsize = 512, partitions: rows = [] } = (JSON.parse(String(asked.stdout)) as Sfdisk).partitiontable;
  const partitions: Partition[] = [];
  for (const { node, start, size, type } of rows) {
    const place = { offset: start * sectorsize, size: size * sectorsize };
    const isEfi = efiTypes.some((efi) => type.toUpperCase().startsWith(efi));
    const number = Number(/\d+$/.exec(node)?.[0] ?? 0);
    partitions.push({ number, ...place, isEfi, content: await contentOf(file, place, signal) });
  }
  return { table: label === "gpt" ? "gpt" : "mbr", partitions, hasBootCode };
}

async function contentOf(
  file: string,
  { offset, size }: Pick<Partition, "offset" | "size">,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const range = ["-O", String(offset), ...(size > 0 ? ["-S", String(size)] : [])];
  const { stdout, failed } = await run("blkid", ["-p", "-o", "export", ...range, file], { cancelSignal: signal, reject: false });
  signal?.throwIfAborted();
  return failed ? undefined : /^TYPE=(.+)$/m.exec(String(stdout))?.[1];
}

/** The first 440 bytes are a program; a disk that only UEFI boots has none there. */
async function bootCode(file: string): Promise<boolean> {
  const disk = await open(file, "r");
  try {
    const code = Buffer.alloc(440);
    await disk.read(code, 0, code.length, 0);
    return code.some((byte) => byte !== 0);
  } finally {
    await disk.close();
  }
}
