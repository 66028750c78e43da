import { resolve } from "node:path";
import { normalizeLab } from "../lab/normalize-lab.ts";
import { parseLabFile } from "../labfile/parse-lab-file.ts";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { readPossibleLab } from "./applied-lab.ts";
import { readTextIfAny } from "./files.ts";
import { stateDirectory } from "./state-directory.ts";
import { whichLab } from "./which-lab.ts";

/** Names of the sandboxes that were applied, else of those in the lab file; none if neither can be read. Asks no host: for completion while one types. */
export async function knownSandboxNames({ file, cwd }: { readonly file: string; readonly cwd: string }): Promise<string[]> {
  const applied = await appliedNames(file, cwd);
  if (applied) return applied;
  const text = await readTextIfAny(resolve(cwd, file));
  const written = text === undefined ? undefined : parseLabFile({ file, text }).value?.written;
  if (!written) return [];
  return Object.keys(normalizeLab(written).value?.lab.sandboxes ?? written.sandboxes);
}

async function appliedNames(file: string, cwd: string): Promise<string[] | undefined> {
  try {
    const { directory, name } = await whichLab({ file, cwd });
    const lab = await readPossibleLab(stateDirectory(directory, name));
    return lab && Object.keys(lab.sandboxes);
  } catch (error) {
    // Nothing was applied from here.
    if (error instanceof DiagnosticError) return undefined;
    throw error;
  }
}
