import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { checkUserData } from "../cloud-init/check-user-data.ts";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { hasErrors } from "../diagnostics/diagnostic.ts";
import { canonicalJson } from "../lab/canonical-json.ts";
import type { Lab } from "../lab/lab.ts";
import { preparedHash } from "../../stacks/emit/prepared-hash.ts";
import { variable } from "../../stacks/emit/names.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { seedFileName, seedIdentity, seedSecrets } from "../lab/seed-identity.ts";
import { cacheDirectory } from "./cache-directory.ts";
import { ensureDeploymentKey } from "./deployment-key.ts";
import { readTextIfAny, removeIfAny, writePrivate } from "./files.ts";
import { readSecrets } from "./read-secrets.ts";
import type { Session, SessionOptions } from "./session.ts";
import type { StateDirectory } from "./state-directory.ts";
import { materializeSeed, seedFingerprint, type SeedMaterial } from "./materialize-seed.ts";
import type { OnProgress } from "./progress.ts";
import { putImagesInPlace, type ImageOptions } from "./put-images-in-place.ts";
import { hostVariables, type DeployHost } from "./hosts.ts";

export interface PrepareOptions extends ImageOptions {
  /** Folder of the Terraform JSON. */
  readonly directory: string;
  readonly lab: Lab;
  readonly hosts: readonly DeployHost[];
  readonly material: SeedMaterial;
  /** Absent: the one in Terraform's state, or one that Terraform makes. */
  readonly deploymentId?: string;
  readonly onProgress?: OnProgress;
}

/**
 * Puts everything in place that Terraform expects to find: images on each host, seeds beside the JSON, and the facts of this machine in
 * `terrarium.auto.tfvars.json`. Doing it again changes nothing.
 *
 * @throws DiagnosticError if a seed or an image cannot be made; then nothing may be applied: a sandbox never boots with another's seed or none
 */
export async function prepare(options: PrepareOptions): Promise<void> {
  await putImagesInPlace(options.lab, options.hosts, options);
  const fingerprints = await writeSeeds(options);
  await writeVariableFile(options.directory, {
    ...hostVariables(options.lab, options.hosts),
    [variable.prepared]: preparedHash(options.lab),
    [variable.secretFingerprints]: fingerprints,
    ...(options.deploymentId === undefined ? {} : { [variable.deploymentId]: options.deploymentId }),
  });
}

/** `prepare` for a session: the key is made if there is none, secrets are read. */
export async function prepareSession(session: Session): Promise<void> {
  const { state, lab, hosts, deployment, options } = session;
  const key = await ensureDeploymentKey(state.key, options.env);
  const reveal = await readSecrets(lab, { env: options.env, directory: options.directory });
  await prepare({
    directory: state.terraform,
    lab,
    hosts,
    material: { key, reveal },
    deploymentId: deployment,
    labDirectory: options.directory,
    cacheDirectory: cacheDirectory(options.env),
    signal: options.interrupts?.stop,
    onProgress: options.onProgress,
  });
}

/**
 * The variables that a plan needs, without images and seeds. Where secrets or the key are not at hand, the fingerprints of the last time are passed on, so that a
 * reviewer without them sees no change that is none.
 *
 * @returns a warning if that was so
 */
export async function writeVariables({ state, lab, hosts, deployment, options }: Session): Promise<Diagnostic[]> {
  const { fingerprints, diagnostics } = await fingerprintsForPlan(state, lab, options);
  await writeVariableFile(state.terraform, {
    ...hostVariables(lab, hosts),
    [variable.prepared]: preparedHash(lab),
    [variable.secretFingerprints]: fingerprints,
    [variable.deploymentId]: deployment,
  });
  return diagnostics;
}

async function fingerprintsForPlan(
  state: StateDirectory,
  lab: Lab,
  { env, directory }: SessionOptions,
): Promise<{ fingerprints: Record<string, string>; diagnostics: Diagnostic[] }> {
  if (!Object.values(lab.sandboxes).some((sandbox) => seedSecrets(sandbox).length > 0)) return { fingerprints: {}, diagnostics: [] };
  try {
    const key = await ensureDeploymentKey(state.key, env);
    const material = { key, reveal: await readSecrets(lab, { env, directory }) };
    const entries = Object.values(lab.sandboxes).flatMap((sandbox) => {
      const fingerprint = seedFingerprint(sandbox, material);
      return fingerprint === undefined ? [] : [[sandbox.name, fingerprint] as const];
    });
    return { fingerprints: Object.fromEntries(entries), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const former = await readTextIfAny(join(state.terraform, variableFile));
    const fingerprints = former === undefined ? {} : ((JSON.parse(former) as Record<string, unknown>)[variable.secretFingerprints] ?? {});
    return {
      fingerprints: fingerprints as Record<string, string>,
      diagnostics: error.diagnostics.map((diagnostic) => ({
        ...diagnostic,
        severity: "warning",
        nextStep: "The plan takes secrets as unchanged; `apply` will need them.",
      })),
    };
  }
}

const variableFile = "terrarium.auto.tfvars.json";

async function writeVariableFile(directory: string, variables: object): Promise<void> {
  await writePrivate(join(directory, variableFile), `${canonicalJson(variables, 2)}\n`);
}

async function writeSeeds({ directory, lab, material }: PrepareOptions): Promise<Record<string, string>> {
  const folder = join(directory, "seeds");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const there = new Set(await readdir(folder));
  const wanted = new Set<string>();
  const fingerprints: Record<string, string> = {};
  for (const sandbox of Object.values(lab.sandboxes)) {
    if (sandbox.seed === "none") continue;
    const fingerprint = seedFingerprint(sandbox, material);
    if (fingerprint !== undefined) fingerprints[sandbox.name] = fingerprint;
    const name = seedFileName(sandbox, seedIdentity(lab, sandbox), fingerprint);
    wanted.add(name);
    checkOwnUserData(lab, sandbox.name);
    // Written even if a file of that name is there: the name does not tell which key it was made with.
    await writePrivate(join(folder, name), materializeSeed(lab, sandbox, material));
  }
  for (const name of there) if (name.endsWith(".iso") && !wanted.has(name)) await removeIfAny(join(folder, name));
  return fingerprints;
}

function checkOwnUserData(lab: Lab, name: string): void {
  const userData = lab.sandboxes[name]?.cloudInit.userData;
  if (typeof userData !== "string") return;
  const problems = checkUserData(userData);
  if (hasErrors(problems)) throw new DiagnosticError(problems);
}
