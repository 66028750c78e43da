/** One name in a directory of a guest's file system. */
export interface GuestEntry {
  readonly name: string;
  readonly kind: "directory" | "file" | "link" | "other";
  /** Bytes; of a link the length of its target. 0 for directories. */
  readonly size: number;
}

/**
 * What was read of a guest's root file system: a value, so that everything which judges it is pure. Paths are absolute, as the guest sees
 * them. A directory that is not in `directories`, or a file that is not in `texts`, is not there (or was not asked for).
 */
export interface GuestTree {
  readonly directories: Readonly<Record<string, readonly GuestEntry[]>>;
  readonly texts: Readonly<Record<string, string>>;
}

/** Reads a guest's file system without mounting it. Links are followed inside a path, not at its end. */
export interface TreeReader {
  /** Directories that exist, with what is in them (without `.` and `..`). */
  list(directories: readonly string[]): Promise<Record<string, GuestEntry[]>>;
  /** Texts of regular files that exist. */
  read(files: readonly string[]): Promise<Record<string, string>>;
}

/** Names that may be part of a command for another program; files of other names are passed over. */
export function isPlainPath(path: string): boolean {
  return /^\/[\w.@:+~ ,/-]*$/.test(path);
}
