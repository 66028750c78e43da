import type { GuestEntry, GuestTree } from "../../inspect/guest-tree.ts";

/** Entries of a directory; none where it is not there. */
export function entries(tree: GuestTree, directory: string): readonly GuestEntry[] {
  return tree.directories[directory] ?? [];
}

export function hasEntry(tree: GuestTree, directory: string, name: string): boolean {
  return entries(tree, directory).some((entry) => entry.name === name);
}

/** True if a program is in one of the places where programs are. */
export function hasProgram(tree: GuestTree, name: string): boolean {
  return ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/bin"].some((directory) => hasEntry(tree, directory, name));
}

/** Paths and texts of the files right in a directory, in the order of their names: the order in which most programs read them. */
export function textsIn(tree: GuestTree, directory: string): [path: string, text: string][] {
  return Object.entries(tree.texts)
    .filter(([path]) => path.startsWith(`${directory}/`) && !path.slice(directory.length + 1).includes("/"))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Names of the directories that were read and match. */
export function directoriesLike(tree: GuestTree, pattern: RegExp): string[] {
  return Object.keys(tree.directories).filter((path) => pattern.test(path));
}
