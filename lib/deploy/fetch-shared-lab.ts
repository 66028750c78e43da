import { join, resolve } from "node:path";
import { canonicalJson } from "../lab/canonical-json.ts";
import { parseLabFile } from "../labfile/parse-lab-file.ts";
import { findEngine } from "../terraform/engine.ts";
import { Terraform } from "../terraform/terraform.ts";
import { withCommandLock } from "./command-lock.ts";
import { readTextIfAny, writePrivate } from "./files.ts";
import { initializeTerraform, terraformSettings } from "./initialize-terraform.ts";
import type { OnProgress } from "./progress.ts";
import { readStoredState } from "./read-stored-state.ts";
import { sharedLabIn, type SharedLab } from "./shared-lab-in-state.ts";
import { createStateDirectory } from "./state-directory.ts";

export interface FetchSharedLabOptions {
  /** The lab file as given. */
  readonly file: string;
  readonly cwd: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Absolute path of the lab file's folder. */
  readonly directory: string;
  readonly name: string;
  readonly onProgress?: OnProgress;
}

/**
 * The lab as somebody else of the team has applied it, for a machine that has not: taken from the state, where the lab file names a backend.
 *
 * @returns undefined if the lab file cannot be read or names none, or if nothing is in the state
 * @throws DiagnosticError if the backend cannot be reached
 */
export async function fetchSharedLab({
  file,
  cwd,
  env,
  directory,
  name,
  onProgress,
}: FetchSharedLabOptions): Promise<SharedLab | undefined> {
  const text = await readTextIfAny(resolve(cwd, file));
  const written = text === undefined ? undefined : parseLabFile({ file, text }).value?.written;
  if (written?.lab !== name || written.backend === undefined) return undefined;
  const { backend } = written;
  const engine = await findEngine(env);
  const state = await createStateDirectory(directory, name);
  const terraform = new Terraform({ engine, workingDirectory: state.terraform, env });
  await withCommandLock(state, async () => {
    // The backend alone: no provider is needed to read a state.
    const same = canonicalJson((await terraformSettings(state))?.backend) === canonicalJson(backend);
    if (!same) await writePrivate(join(state.terraform, "cdk.tf.json"), canonicalJson({ terraform: { backend } }, 2));
    await initializeTerraform(terraform, state, { onProgress });
  });
  const shared = sharedLabIn(await readStoredState(terraform, state, env));
  return shared && { ...shared, lab: { ...shared.lab, backend } };
}
