/** A file as the image holds it. */
export interface FileNode {
  readonly kind: "file";
  readonly name: string;
  readonly content: Uint8Array;
  readonly mode: number;
}

/** A directory as the image holds it. The root's name is empty. */
export interface DirectoryNode {
  readonly kind: "directory";
  readonly name: string;
  readonly entries: Map<string, IsoNode>;
}

export type IsoNode = FileNode | DirectoryNode;

/** A file to put into an image. */
export interface IsoFile {
  /** Relative, with `/` between its parts: `user-data`, `openstack/latest/meta_data.json`. Directories are made as needed. */
  readonly path: string;
  readonly content: Uint8Array;
  /**
   * Permission bits that Rock Ridge shows; the owner is root.
   *
   * @default 0o444
   */
  readonly mode?: number;
}

/** ISO 9660 counts the root as the first of eight levels. */
const deepestLevel = 8;
/** An extent's length is a 32-bit number. */
const largestFile = 0xffff_ffff;
const longestName = 255;

/** @throws RangeError for a path, mode or size that an image cannot hold, and for two files of one path */
export function isoTree(files: readonly IsoFile[]): DirectoryNode {
  const root: DirectoryNode = { kind: "directory", name: "", entries: new Map() };
  // In order of their paths: where shortened names collide, the bytes must not depend on the order of the caller's list.
  const sorted = Array.from(files).sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, content, mode = 0o444 } of sorted) {
    const parts = path.split("/");
    const name = parts.pop() ?? "";
    if (parts.length >= deepestLevel) throw new RangeError(`Expected at most ${deepestLevel - 1} directories above a file, got ${path}`);
    if (content.length > largestFile) throw new RangeError(`Expected at most ${largestFile} bytes, got ${content.length} in ${path}`);
    if (!Number.isInteger(mode) || mode < 0 || mode > 0o7777)
      throw new RangeError(`Expected a mode of 0 to 0o7777, got ${mode} for ${path}`);
    const parent = parts.reduce((directory, part) => subdirectory(directory, part, path), root);
    checkName(name, path);
    if (parent.entries.has(name)) throw new RangeError(`Expected every path once, got ${path} twice`);
    parent.entries.set(name, { kind: "file", name, content, mode });
  }
  return root;
}

function subdirectory(parent: DirectoryNode, name: string, path: string): DirectoryNode {
  checkName(name, path);
  const existing = parent.entries.get(name);
  if (existing?.kind === "directory") return existing;
  if (existing) throw new RangeError(`Expected ${name} in ${path} to be a directory, but it is also a file`);
  const made: DirectoryNode = { kind: "directory", name, entries: new Map() };
  parent.entries.set(name, made);
  return made;
}

function checkName(name: string, path: string): void {
  const shown = JSON.stringify(path);
  if (name === "" || name === "." || name === "..")
    throw new RangeError(`Expected a relative path without empty, "." or ".." parts, got ${shown}`);
  // A lone surrogate has no UTF-8 form: two different names could become the same bytes.
  if (/[\0\p{Surrogate}]/u.test(name)) throw new RangeError(`Expected a name without NUL or lone surrogates, got ${shown}`);
  if (name.length * 3 > longestName && Buffer.byteLength(name) > longestName) {
    throw new RangeError(`Expected a name of at most ${longestName} bytes, got ${Buffer.byteLength(name)} in ${shown}`);
  }
}
