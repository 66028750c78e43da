import { run } from "../programs.ts";
import { isPlainPath, type GuestEntry, type TreeReader } from "./guest-tree.ts";

export interface GrubOptions {
  /** File with the disk's bytes as a guest sees them. */
  readonly disk: string;
  /** GRUB's name of the file system: `(loop0,gpt2)`. */
  readonly device: string;
  /** A subvolume that is the guest's root: `/@`. @default "" */
  readonly root?: string;
  readonly signal?: AbortSignal;
}

/** Reads XFS and btrfs through grub-fstest: GRUB's own file system code as an ordinary program. One process a file. */
export function grubReader(options: GrubOptions): TreeReader {
  return {
    list: async (directories) => {
      const found: Record<string, GuestEntry[]> = {};
      for (const path of directories.filter(isPlainPath)) {
        const answer = await grub("ls", `${path}/`, options, ["-l"]);
        if (answer !== undefined) found[path] = entriesOf(answer);
      }
      return found;
    },
    read: async (files) => {
      const found: Record<string, string> = {};
      for (const path of files.filter(isPlainPath)) {
        const answer = await grub("cat", path, options);
        if (answer !== undefined) found[path] = answer;
      }
      return found;
    },
  };
}

/** @returns undefined for what is not there */
async function grub(
  command: string,
  path: string,
  { disk, device, root = "", signal }: GrubOptions,
  flags: readonly string[] = [],
): Promise<string | undefined> {
  const result = await run("grub-fstest", [disk, "--", command, ...flags, `${device}${root}${path}`], {
    cancelSignal: signal,
    reject: false,
    stripFinalNewline: false,
    timeout: 60_000,
  });
  signal?.throwIfAborted();
  return result.failed ? undefined : String(result.stdout);
}

/** Lines of `ls -l`: size or `DIR`, date, name with a `/` behind a directory. */
function entriesOf(answer: string): GuestEntry[] {
  return answer.split("\n").flatMap((line) => {
    const [, size, name] = /^(DIR|\d+)\s+\d+\s+(.+?)\/?$/.exec(line.trim()) ?? [];
    if (size === undefined || name === undefined || name === "." || name === "..") return [];
    // GRUB follows links here: none is to be seen.
    return [size === "DIR" ? { name, kind: "directory", size: 0 } : { name, kind: "file", size: Number(size) }];
  });
}
