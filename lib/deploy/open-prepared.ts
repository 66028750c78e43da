import { resolve } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Deployed } from "./deployed.ts";
import { readTextIfAny } from "./files.ts";
import { connectHosts } from "./hosts.ts";
import { readSynthesizedLab } from "./read-synthesized-lab.ts";
import { writeSshFiles } from "./ssh-files.ts";
import { stateDirectory, type StateDirectory } from "./state-directory.ts";

export interface OpenPreparedOptions {
  /** Absolute path of a folder that `terrarium prepare` has completed. */
  readonly directory: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
}

/**
 * Opens what plain Terraform or `cdktf deploy` applies from a synthesized folder.
 *
 * @throws DiagnosticError LAB_FILE_MISSING if the folder is not one, NO_DEPLOYMENT if it was not prepared
 */
export async function openPrepared({ directory, env }: OpenPreparedOptions): Promise<Deployed> {
  const lab = await readSynthesizedLab(directory);
  const state = await findState(directory, lab.name);
  const hosts = await connectHosts(lab, { env });
  return { lab, state, hosts, sshConfig: await writeSshFiles({ state, lab, hosts, env }) };
}

/** Where *prepare* has put the key: beside a CDK project's cdktf.out, or in the folder itself. */
async function findState(directory: string, lab: string): Promise<StateDirectory> {
  for (const project of [resolve(directory, "../../.."), directory]) {
    const state = stateDirectory(project, lab);
    if ((await readTextIfAny(state.applying)) !== undefined || (await readTextIfAny(state.applied)) !== undefined) return state;
  }
  throw new DiagnosticError({
    code: "NO_DEPLOYMENT",
    severity: "error",
    summary: `${directory} has not been prepared`,
    nextStep: `Run: terrarium prepare ${directory}`,
  });
}
