import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { git } from "./git.ts";
import { mostFileBytes, type RepositoryFiles } from "./repository-files.ts";

/** The files of a commit, from git's objects alone. */
export async function commitFiles(root: string, commit: string): Promise<RepositoryFiles> {
  const { ok, stdout, stderr } = await git(root, ["ls-tree", "-r", "-z", "--full-tree", commit]);
  if (!ok) throw unreadable(commit, stderr);
  const objects = new Map<string, string>();
  const links = new Set<string>();
  for (const entry of stdout.toString("utf8").split("\0")) {
    const found = /^(\d{6}) (\w+) ([0-9a-f]+)\t([\s\S]+)$/.exec(entry);
    if (!found) continue;
    const [, mode, , object = "", path = ""] = found;
    if (mode === "100644" || mode === "100755") objects.set(path, object);
    else links.add(path);
  }
  return { paths: [...objects.keys()], links, read: async (paths) => await readObjects(root, objects, paths) };
}

async function readObjects(
  root: string,
  objects: ReadonlyMap<string, string>,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(paths)].flatMap((path) => {
    const object = objects.get(path);
    return object === undefined ? [] : [{ path, object }];
  });
  if (wanted.length === 0) return new Map();
  const names = `${wanted.map(({ object }) => object).join("\n")}\n`;
  const sizes = (await git(root, ["cat-file", "--batch-check=%(objectsize)"], names)).stdout.toString("utf8").split("\n");
  const small = wanted.filter((_, index) => Number(sizes[index]) <= mostFileBytes);
  if (small.length === 0) return new Map();
  const { stdout } = await git(root, ["cat-file", "--batch"], `${small.map(({ object }) => object).join("\n")}\n`);
  const texts = new Map<string, string>();
  let at = 0;
  for (const { path } of small) {
    // `<object> blob <bytes>`, the content, a line feed.
    const end = stdout.indexOf(0x0a, at);
    const bytes = Number(stdout.toString("latin1", at, end).split(" ")[2]);
    if (!Number.isSafeInteger(bytes)) break;
    texts.set(path, stdout.toString("utf8", end + 1, end + 1 + bytes));
    at = end + 1 + bytes + 1;
  }
  return texts;
}

function unreadable(commit: string, said: string): DiagnosticError {
  return new DiagnosticError({
    code: "GIT_REF_UNKNOWN",
    severity: "error",
    summary: `the files of commit ${commit} cannot be read`,
    detail: said.trim(),
    nextStep: "Fetch it: `git fetch origin`; in CI check out with the whole history (`fetch-depth: 0`).",
  });
}
