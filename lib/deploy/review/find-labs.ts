import type { RepositoryFiles } from "../../git/repository-files.ts";
import { parseLabFile } from "../../labfile/parse-lab-file.ts";

const notLabs = /(^|\/)(terrarium\.(lock|policy)\.ya?ml|package-lock\.yaml|pnpm-lock\.yaml)$/;

/** A lab without doubt; anything else that speaks of both keys is one if it can be read as one, so that no spelling hides a lab. */
const certain = /^lab[ \t]*:/m;
const possible = [/["']?lab["']?\s*:/, /["']?sandboxes["']?\s*:/];

/** Texts of the lab files in one version of a repository, by path. */
export async function findLabs(files: RepositoryFiles): Promise<Map<string, string>> {
  const candidates = files.paths.filter((path) => /\.ya?ml$/i.test(path) && !notLabs.test(path));
  const labs = new Map<string, string>();
  for (const [path, text] of await files.read(candidates)) if (isLab(path, text)) labs.set(path, text);
  return labs;
}

function isLab(path: string, text: string): boolean {
  if (!possible.every((pattern) => pattern.test(text))) return false;
  return certain.test(text) || parseLabFile({ file: path, text }).value !== undefined;
}
