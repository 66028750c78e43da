import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { readPossibleLab } from "./applied-lab.ts";
import { readTextIfAny } from "./files.ts";
import { readOverlay } from "./overlay-file.ts";
import { stateDirectory } from "./state-directory.ts";
import { nameIn, readDeployments } from "./which-lab.ts";

/**
 * Labs that were applied from a folder and that none of its lab files names any more, mostly since somebody changed `lab:`. They keep running: a renamed lab is a
 * new lab, and nothing of the old one is touched.
 *
 * @returns one LAB_LEFT_BEHIND for each
 */
export async function findLeftBehind(directory: string, lab: string): Promise<Diagnostic[]> {
  const others = (await readDeployments(directory)).filter((name) => name !== lab);
  if (others.length === 0) return [];
  const files = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name));
  const named = new Set(await Promise.all(files.map(async ({ name }) => nameIn(await readTextIfAny(join(directory, name))))));
  const found = await Promise.all(
    others
      .filter((name) => !named.has(name))
      .map(async (name): Promise<Diagnostic[]> => {
        const { instanceOf } = (await readOverlay(directory, name)) ?? {};
        if (instanceOf !== undefined && named.has(instanceOf)) return [];
        const applied = await readPossibleLab(stateDirectory(directory, name));
        if (!applied) return [];
        const sandboxes = Object.keys(applied.sandboxes);
        return [
          {
            code: "LAB_LEFT_BEHIND",
            severity: "warning",
            summary: `lab "${name}" was applied from this folder, and no lab file names it any more: it keeps running (${sandboxes.join(", ")})`,
            nextStep: `"${lab}" is a new lab beside it. To remove the old one, write \`lab: ${name}\` into a file of its own here and run \`terrarium destroy -f FILE\`.`,
          },
        ];
      }),
  );
  return found.flat();
}
