import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../programs.ts";
import { isPlainPath, type GuestEntry, type TreeReader } from "./guest-tree.ts";

export interface DebugfsOptions {
  /** File with the disk's bytes as a guest sees them. */
  readonly disk: string;
  /** Where the file system begins, in bytes. */
  readonly offset: number;
  /** A directory of ours for command files. */
  readonly work: string;
  readonly signal?: AbortSignal;
}

/** A file's text is not read beyond this: nothing that we look for is longer. */
const longest = 2 * 1024 ** 2;

/** Reads ext2, ext3 and ext4 through debugfs of e2fsprogs: one process for any number of files. */
export function debugfsReader(options: DebugfsOptions): TreeReader {
  return {
    list: async (directories) => {
      const plain = directories.filter(isPlainPath);
      // "/.": a link at the end of a path is followed only so (/lib, /sbin).
      const answers = await ask(
        plain.map((path) => `ls -p "${path}/."`),
        options,
      );
      const pairs = plain.map((path, index) => [path, entriesOf(answers[index] ?? "")] as const);
      // A directory that is there has at least "." in it.
      return Object.fromEntries(pairs.flatMap(([path, entries]) => (entries.length === 0 ? [] : [[path, withoutDots(entries)]])));
    },
    read: async (files) => {
      const plain = files.filter(isPlainPath);
      const stats = await ask(
        plain.map((path) => `stat "${path}"`),
        options,
      );
      const there = plain.filter((_, index) => isReadable(stats[index] ?? ""));
      const texts = await ask(
        there.map((path) => `cat "${path}"`),
        options,
      );
      return Object.fromEntries(there.map((path, index) => [path, texts[index] ?? ""]));
    },
  };
}

function isReadable(stat: string): boolean {
  const size = Number(/\bSize: (\d+)/.exec(stat)?.[1] ?? Number.NaN);
  return /\bType: regular\b/.test(stat) && size <= longest;
}

/** What debugfs said to each command. */
async function ask(commands: readonly string[], { disk, offset, work, signal }: DebugfsOptions): Promise<string[]> {
  if (commands.length === 0) return [];
  // debugfs repeats comments of its command file as they are. No content of the image can forge a line that nobody can guess.
  const mark = `# ${randomBytes(16).toString("hex")}`;
  const file = join(work, `debugfs-${randomBytes(4).toString("hex")}`);
  await writeFile(file, commands.map((command) => `${mark}\n${command}\n`).join(""), { mode: 0o600 });
  try {
    const { stdout } = await run("debugfs", ["-f", file, `${disk}?offset=${offset}`], {
      cancelSignal: signal,
      encoding: "buffer",
      stripFinalNewline: false,
      timeout: 60_000,
    });
    const answers = Buffer.from(stdout as Uint8Array)
      .toString("utf8")
      .split(`${mark}\n`);
    // After the mark comes the command itself: "debugfs: ls -p …".
    return answers.slice(1).map((answer) => answer.slice(answer.indexOf("\n") + 1));
  } finally {
    await rm(file, { force: true });
  }
}

/** Lines of `ls -p`: `/inode/mode/uid/gid/name/size/`. */
function entriesOf(answer: string): GuestEntry[] {
  return answer.split("\n").flatMap((line) => {
    const [, inode, mode, , , name, size] = line.split("/");
    if (inode === undefined || mode === undefined || name === undefined || inode === "0") return [];
    return [{ name, kind: kindOf(mode), size: Number(size ?? 0) }];
  });
}

function withoutDots(entries: readonly GuestEntry[]): GuestEntry[] {
  return entries.filter(({ name }) => name !== "." && name !== "..");
}

function kindOf(mode: string): GuestEntry["kind"] {
  const kinds: Readonly<Record<string, GuestEntry["kind"]>> = { "04": "directory", "10": "file", "12": "link" };
  return kinds[mode.slice(0, 2)] ?? "other";
}
