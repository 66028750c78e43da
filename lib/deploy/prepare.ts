import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { checkUserData } from "../cloud-init/check-user-data.ts";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { hasErrors } from "../diagnostics/diagnostic.ts";
import { canonicalJson } from "../lab/canonical-json.ts";
import type { Lab } from "../lab/lab.ts";
import { preparedHash } from "../../stacks/emit/deployment.ts";
import { variable } from "../../stacks/emit/names.ts";
import { writePrivate, removeIfAny } from "./files.ts";
import { materializeSeed, seedFileName, seedFingerprint, type SeedMaterial } from "./materialize-seed.ts";
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
  const variables = {
    ...hostVariables(options.hosts),
    [variable.prepared]: preparedHash(options.lab),
    [variable.secretFingerprints]: fingerprints,
    ...(options.deploymentId === undefined ? {} : { [variable.deploymentId]: options.deploymentId }),
  };
  await writePrivate(join(options.directory, "terrarium.auto.tfvars.json"), `${canonicalJson(variables, 2)}\n`);
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
    const name = seedFileName(lab, sandbox, fingerprint);
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
