import { mkdir, mkdtemp, open, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { onTestFinished } from "vitest";

const size = 400;

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "terrarium-bases-"));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files into a folder; `-> target` makes a link. */
export async function plant(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    const target = /^-> (.+)$/.exec(text)?.[1];
    await (target === undefined ? writeFile(join(folder, path), text) : symlink(target, join(folder, path)));
  }
}

/** A raw disk of 402 MiB with one partition that holds these files. */
export async function guestDisk(
  folder: string,
  files: Readonly<Record<string, string>>,
  { table = "gpt", fileSystem = "ext4" }: { table?: "gpt" | "dos" | "none"; fileSystem?: "ext4" | "xfs" | "btrfs" } = {},
): Promise<string> {
  const tree = join(folder, "tree");
  await plant(tree, files);
  const disk = join(folder, `${fileSystem}-${table}.raw`);
  const part = join(folder, "part");
  await writeFile(part, "");
  await execa("truncate", ["-s", `${size}M`, part]);
  if (fileSystem === "ext4") await execa("/usr/sbin/mkfs.ext4", ["-q", "-d", tree, part]);
  if (fileSystem === "btrfs")
    await execa("mkfs.btrfs", ["-q", "--rootdir", tree, part], { env: { PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` } });
  await execa("truncate", ["-s", `${size + 2}M`, disk]);
  if (table === "none") return part;
  await execa("/usr/sbin/sfdisk", ["-q", disk], { input: `label: ${table}\nstart=2048, size=${size * 2048}\n` });
  // Sparse: only what is not zero is copied.
  await execa("dd", [`if=${part}`, `of=${disk}`, "bs=1M", "seek=1", "conv=notrunc,sparse", "status=none"]);
  const file = await open(disk, "r+");
  try {
    await file.write(Buffer.from([0x55, 0xaa]), 0, 2, 510);
  } finally {
    await file.close();
  }
  return disk;
}
