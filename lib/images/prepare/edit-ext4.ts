import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../programs.ts";
import { isPlainPath } from "../inspect/guest-tree.ts";
import type { Edit } from "./preparation.ts";

export interface Ext4 {
  /** A directory of ours with the raw disk in it. */
  readonly work: string;
  /** Name of the raw disk there. */
  readonly disk: string;
  /** Where the file system begins, in bytes. */
  readonly offset: number;
  readonly signal?: AbortSignal;
}

/**
 * Changes files of an ext2, ext3 or ext4 file system that nobody has mounted. Text is shortened in its own blocks: a file made anew would lose its owner, mode and
 * SELinux label. What was removed is then gone from the disk as well: free blocks are given back to the host.
 *
 * @throws ExecaError where a program fails; Error for an edit that has not happened
 */
export async function editExt4(edits: readonly Edit[], place: Ext4): Promise<void> {
  for (const edit of edits) if (!isPlainPath(edit.path)) throw new Error(`expected a plain path, got ${JSON.stringify(edit.path)}`);
  // A VM that was cut off has changes in its journal: they are made first.
  await checkFileSystem(["-fp"], place);
  for (const edit of edits) if (edit.kind === "shorten") await overwrite(edit.path, edit.text, place);
  await debugfs(edits.flatMap(commandsOf), place);
  await checkFileSystem(["-fp", "-E", "discard"], place);
  await checkFileSystem(["-fn"], place);
}

function commandsOf(edit: Edit): string[] {
  const path = `"${edit.path}"`;
  if (edit.kind === "remove") return [`${edit.isDirectory ? "rmdir" : "rm"} ${path}`];
  if (edit.kind === "empty") return [`punch ${path} 0`, `sif ${path} size 0`];
  return [`sif ${path} size ${Buffer.byteLength(edit.text)}`];
}

/** 0: clean; 1: it has put right what it found, which only the last run must not say. */
async function checkFileSystem(flags: readonly string[], { work, disk, offset, signal }: Ext4): Promise<void> {
  const { failed, exitCode, shortMessage, stdout } = await run("e2fsck", [...flags, `${disk}?offset=${offset}`], {
    cwd: work,
    cancelSignal: signal,
    reject: false,
  });
  signal?.throwIfAborted();
  if (!failed || (exitCode === 1 && flags.includes("-fp"))) return;
  throw new Error(`e2fsck ${flags.join(" ")}: ${shortMessage}\n${String(stdout)}`);
}

/** Writes a text that takes no more blocks than the file has, and fills the last of them with zeros. */
async function overwrite(path: string, text: string, place: Ext4): Promise<void> {
  const bytes = Buffer.from(text);
  const file = await open(join(place.work, place.disk), "r+");
  try {
    const superblock = Buffer.alloc(1024);
    await file.read(superblock, 0, 1024, place.offset + 1024);
    const blockSize = 1024 << superblock.readUInt32LE(24);
    const count = Math.ceil(bytes.length / blockSize);
    const said = await debugfs(
      Array.from({ length: count }, (_, index) => `bmap "${path}" ${index}`),
      { ...place, isReadOnly: true },
    );
    const blocks = [...said.matchAll(/^(\d+)$/gm)].map(([number]) => Number(number));
    if (blocks.length !== count || blocks.includes(0)) throw new Error(`the blocks of ${path} cannot be told: ${said}`);
    for (const [index, block] of blocks.entries()) {
      const part = Buffer.alloc(blockSize);
      bytes.copy(part, 0, index * blockSize);
      await file.write(part, 0, blockSize, place.offset + block * blockSize);
    }
    await file.sync();
    // What comes after the text's last block belongs to the file no longer.
    await debugfs([`punch "${path}" ${count}`], place);
  } finally {
    await file.close();
  }
}

async function debugfs(commands: readonly string[], place: Ext4 & { readonly isReadOnly?: boolean }): Promise<string> {
  if (commands.length === 0) return "";
  const { work, disk, offset, signal, isReadOnly = false } = place;
  await writeFile(join(work, "commands"), commands.map((command) => `${command}\n`).join(""), { mode: 0o600 });
  const flags = isReadOnly ? [] : ["-w"];
  const { stdout, stderr } = await run("debugfs", [...flags, "-f", "commands", `${disk}?offset=${offset}`], {
    cwd: work,
    cancelSignal: signal,
  });
  // It goes on after an error, and ends with 0. Its first line on stderr is its version.
  const complaints = String(stderr)
    .split("\n")
    .filter((line) => line !== "" && !/^debugfs \d/.test(line));
  if (complaints.length > 0) throw new Error(`debugfs: ${complaints.join("\n")}`);
  return String(stdout);
}
