import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import { deploymentVariable } from "../../stacks/emit/deployment.ts";
import { isOpenMac } from "../lab/plan/deployment-mac.ts";
import { readState } from "../terraform/read-documents.ts";
import { deploymentIn, deploymentOfFile } from "./read-deployment.ts";
import type { Lab } from "../lab/lab.ts";
import { cacheDirectory } from "./cache-directory.ts";
import { ensureDeploymentKey } from "./deployment-key.ts";
import { readTextIfAny } from "./files.ts";
import { connectHosts } from "./hosts.ts";
import { prepare } from "./prepare.ts";
import type { OnProgress } from "./progress.ts";
import { withSecrets } from "./read-secrets.ts";
import { createStateDirectory, type StateDirectory } from "./state-directory.ts";
import { readSynthesizedLab } from "./read-synthesized-lab.ts";
import { writeSshFiles } from "./ssh-files.ts";
import { beginApplying, readPossibleLab } from "./applied-lab.ts";

export interface PrepareDirectoryOptions {
  /** Folder with `terrarium.lab.json`: of `synth --out`, or a stack's in `cdktf.out`. */
  readonly directory: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
  /** Makes a new key where the deployment's is lost. @default false: KEY_LOST */
  readonly newKey?: boolean;
}

/**
 * Puts images, seeds and variables in place for a synthesized folder, so that plain Terraform can apply it. `cdktf deploy` runs it by itself.
 *
 * Key and ssh files go where the state goes: `.terrarium/<lab>/` of the project for a CDK stack (three folders up, like its backend's path), of the folder itself for
 * `synth --out`.
 *
 * @throws DiagnosticError if there is no synthesized lab, or KEY_LOST
 */
export async function prepareDirectory({
  directory,
  env,
  onProgress,
  signal,
  newKey,
}: PrepareDirectoryOptions): Promise<{ lab: Lab; state: StateDirectory }> {
  const lab = await readSynthesizedLab(directory);
  const labDirectory = await projectOf(directory);
  const state = await createStateDirectory(labDirectory, lab.name);
  const hosts = await connectHosts(lab, { env });
  const applied = await readPossibleLab(state);
  const key = await ensureDeploymentKey(state.key, env, { deployed: applied !== undefined, newKey });
  const deployment = needsDeployment(lab) ? await knownDeployment(state, directory, env) : undefined;
  await withSecrets(lab, { env, directory: labDirectory }, async (reveal) => {
    await prepare({
      directory,
      lab,
      hosts,
      material: { key, reveal, ...(deployment !== undefined && { deployment }) },
      ...(deployment !== undefined && { deploymentId: deployment }),
      labDirectory,
      cacheDirectory: cacheDirectory(env),
      signal,
      onProgress,
      env,
      applied,
    });
  });
  await writeSshFiles({ state, lab, hosts, env });
  await beginApplying(state, lab);
  return { lab, state };
}

/** True for a lab with MACs that come from the deployment's id. */
function needsDeployment({ sandboxes }: Lab): boolean {
  return Object.values(sandboxes).some(({ nics }) => nics.some(({ mac }) => isOpenMac(mac)));
}

/** Terraform tells it who it starts; else the state or the last preparation has it; else it is made here, and Terraform takes it over. */
async function knownDeployment(state: StateDirectory, directory: string, env: Readonly<NodeJS.ProcessEnv>): Promise<string> {
  const told = env[deploymentVariable];
  if (told !== undefined && told !== "") return told;
  const stored = deploymentIn(readState((await readTextIfAny(state.state)) ?? ""));
  return stored ?? (await deploymentOfFile(directory)) ?? randomBytes(8).toString("hex");
}

/** The folder that the lab's paths are relative to. */
async function projectOf(directory: string): Promise<string> {
  const json = JSON.parse((await readTextIfAny(join(directory, "cdk.tf.json"))) ?? "{}") as {
    terraform?: { backend?: { local?: { path?: string } } };
  };
  const path = json.terraform?.backend?.local?.path ?? "";
  return path.startsWith("../../../") ? resolve(directory, "../../..") : resolve(directory);
}
