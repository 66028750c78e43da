import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { checkUserData } from "../cloud-init/check-user-data.ts";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { hasErrors } from "../diagnostics/diagnostic.ts";
import { canonicalJson } from "../lab/canonical-json.ts";
import type { Lab, LabSandbox } from "../lab/lab.ts";
import { fillText } from "../lab/text.ts";
import { textsOf } from "../lab/user-data.ts";
import { checkMaterialized } from "./check-materialized.ts";
import { preparedHash } from "../../stacks/emit/prepared-hash.ts";
import { variable } from "../../stacks/emit/names.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { seedFileName, seedIdentity, seedSecrets } from "../lab/seed-identity.ts";
import { locateDiagnostics, type Locate } from "../labfile/locate.ts";
import { cacheDirectory } from "./cache-directory.ts";
import { checkLabImages } from "./check-images.ts";
import { ensureDeploymentKey } from "./deployment-key.ts";
import { readTextIfAny, removeIfAny, writePrivate } from "./files.ts";
import { withSecrets } from "./read-secrets.ts";
import type { DeploymentKey } from "../ssh/deployment-key.ts";
import type { Session } from "./session.ts";
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
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** What is out there already. */
  readonly applied?: Lab;
  /** Only images of these sandboxes are checked. @default - all */
  readonly targets?: readonly string[];
  /** Places in the lab file, where there is one. */
  readonly locate?: Locate;
}

/**
 * Puts everything in place that Terraform expects to find: images on each host, seeds beside the JSON, and the facts of this machine in
 * `terrarium.auto.tfvars.json`. Doing it again changes nothing.
 *
 * @throws DiagnosticError if a seed or an image cannot be made, or an image cannot work with a seed; then nothing may be applied: a sandbox never boots with another's seed or none
 */
export async function prepare(options: PrepareOptions): Promise<void> {
  await putImagesInPlace(options.lab, options.hosts, options);
  const refused = await checkLabImages(options.lab, options);
  if (hasErrors(refused)) throw new DiagnosticError(options.locate ? locateDiagnostics(refused, options.locate) : refused);
  const fingerprints = await writeSeeds(options);
  await writeVariableFile(options.directory, {
    ...hostVariables(options.lab, options.hosts),
    [variable.prepared]: preparedHash(options.lab),
    [variable.secretFingerprints]: fingerprints,
    ...(options.deploymentId === undefined ? {} : { [variable.deploymentId]: options.deploymentId }),
  });
}

/** `prepare` for a session: the key is made if there is none, secrets are read. */
export async function prepareSession(session: Session, targets?: readonly string[]): Promise<void> {
  const { state, lab, hosts, deployment, options } = session;
  const key = await requireKey(session);
  await withSecrets(lab, { env: options.env, directory: options.directory }, async (reveal) => {
    await prepare({
      directory: state.terraform,
      lab,
      hosts,
      material: { key, reveal, deployment },
      deploymentId: deployment,
      labDirectory: options.directory,
      cacheDirectory: cacheDirectory(options.env),
      signal: options.interrupts?.stop,
      onProgress: options.onProgress,
      env: options.env,
      applied: session.applied,
      targets,
      locate: options.locate,
    });
  });
}

/**
 * The key of a session's deployment: what an apply needs first.
 *
 * @throws DiagnosticError KEY_LOST
 */
export async function requireKey({ state, options, deployed }: Session): Promise<DeploymentKey> {
  return await ensureDeploymentKey(state.key, options.env, { deployed, newKey: options.newKey });
}

/**
 * The variables that a plan needs, without images and seeds. Where secrets or the key are not at hand, the fingerprints of the last time are passed on, so that a
 * reviewer without them sees no change that is none.
 *
 * @returns a warning if that was so
 */
export async function writeVariables(session: Session): Promise<Diagnostic[]> {
  const { state, lab, hosts, deployment } = session;
  const { fingerprints, diagnostics } = await fingerprintsForPlan(session);
  await writeVariableFile(state.terraform, {
    ...hostVariables(lab, hosts),
    [variable.prepared]: preparedHash(lab),
    [variable.secretFingerprints]: fingerprints,
    [variable.deploymentId]: deployment,
  });
  return diagnostics;
}

interface Fingerprints {
  readonly fingerprints: Readonly<Record<string, string>>;
  readonly diagnostics: Diagnostic[];
}

async function fingerprintsForPlan(session: Session): Promise<Fingerprints> {
  const { lab, options } = session;
  const secretive = Object.values(lab.sandboxes).filter((sandbox) => seedSecrets(sandbox).length > 0);
  try {
    // A plan makes a key only for a lab that needs one, and has none yet.
    const key = secretive.length > 0 || session.deployed ? await requireKey(session) : undefined;
    if (!key || secretive.length === 0) return { fingerprints: {}, diagnostics: [] };
    const fingerprints = await withSecrets(lab, { env: options.env, directory: options.directory }, async (reveal) => {
      const entries = secretive.map((sandbox) => [sandbox.name, seedFingerprint(sandbox, { key, reveal })] as const);
      return Object.fromEntries(entries.flatMap(([name, fingerprint]) => (fingerprint === undefined ? [] : [[name, fingerprint]])));
    });
    return { fingerprints, diagnostics: [] };
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return {
      fingerprints: session.formerFingerprints ?? (await fingerprintsInFile(session.state)),
      diagnostics: error.diagnostics.map((diagnostic) => ({
        ...diagnostic,
        severity: "warning",
        nextStep:
          diagnostic.code === "KEY_LOST"
            ? `The plan takes secrets as unchanged; \`apply\` refuses. ${diagnostic.nextStep ?? ""}`
            : "The plan takes secrets as unchanged; `apply` will need them.",
      })),
    };
  }
}

/** Of a deployment whose state does not say: one that an earlier release made, or that was never applied. */
async function fingerprintsInFile(state: StateDirectory): Promise<Readonly<Record<string, string>>> {
  const former = await readTextIfAny(join(state.terraform, variableFile));
  const variables = former === undefined ? {} : (JSON.parse(former) as Record<string, unknown>);
  return (variables[variable.secretFingerprints] ?? {}) as Readonly<Record<string, string>>;
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
    checkOwnData(sandbox, material);
    // Written even if a file of that name is there: the name does not tell which key it was made with.
    await writePrivate(join(folder, name), materializeSeed(lab, sandbox, material));
  }
  for (const name of there) if (name.endsWith(".iso") && !wanted.has(name)) await removeIfAny(join(folder, name));
  return fingerprints;
}

/** Looked at once more: a lab in TypeScript was not opened from a file, and secrets are in place only now. */
function checkOwnData({ name, cloudInit: { userData, vendorData } }: LabSandbox, { reveal }: SeedMaterial): void {
  const problems = [...textsOf(userData), ...textsOf(vendorData)].flatMap((text) =>
    typeof text === "string" ? checkUserData(text) : checkMaterialized(name, fillText(text, reveal)),
  );
  if (hasErrors(problems)) throw new DiagnosticError(problems);
}
