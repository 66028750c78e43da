import { constants } from "node:fs";
import { lstat, open } from "node:fs/promises";
import { join } from "node:path";
import { git } from "./git.ts";
import { mostFileBytes, type RepositoryFiles } from "./repository-files.ts";

/** The files of the working tree that git knows or would add. In CI that is somebody else's change, too: no step of a path may be a symbolic link. */
export async function workingFiles(root: string): Promise<RepositoryFiles> {
  const { stdout } = await git(root, ["ls-files", "-z", "--cached", "--stage"]);
  const others = await git(root, ["ls-files", "-z", "--others", "--exclude-standard"]);
  const paths = new Set(others.stdout.toString("utf8").split("\0"));
  const links = new Set<string>();
  for (const entry of stdout.toString("utf8").split("\0")) {
    const found = /^(\d{6}) [0-9a-f]+ \d\t([\s\S]+)$/.exec(entry);
    if (!found) continue;
    const [, mode, path = ""] = found;
    if (mode === "100644" || mode === "100755") paths.add(path);
    else links.add(path);
  }
  paths.delete("");
  return {
    paths: [...paths],
    links,
    read: async (wanted) => {
      const texts = new Map<string, string>();
      for (const path of new Set(wanted)) {
        const text = paths.has(path) ? await readPlainFile(root, path) : undefined;
        if (text !== undefined) texts.set(path, text);
      }
      return texts;
    },
  };
}

/** @returns undefined for what is no plain file in plain folders, or too large */
async function readPlainFile(root: string, path: string): Promise<string | undefined> {
  const steps = path.split("/");
  try {
    for (const count of steps.keys()) {
      const found = await lstat(join(root, ...steps.slice(0, count + 1)));
      if (found.isSymbolicLink() || (count === steps.length - 1 && (!found.isFile() || found.size > mostFileBytes))) return undefined;
    }
    const file = await open(join(root, ...steps), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  } catch (error) {
    // Removed, but not from the index; or swapped for a link meanwhile.
    if (error instanceof Error && "code" in error && ["ENOENT", "ENOTDIR", "ELOOP"].includes(String(error.code))) return undefined;
    throw error;
  }
}
