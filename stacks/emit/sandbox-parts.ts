import type { Construct } from "constructs";
import type { Lab, LabSandbox } from "../../lib/lab/lab.ts";
import { rootDiskIdentity, seedFileName, seedIdentity, seedSecrets, surroundingsId } from "../../lib/lab/seed-identity.ts";
import { TerraformData } from "../../lib/synth/terraform-data.ts";
import { address, variable } from "./names.ts";

/** Name of the seed's file; the fingerprint of secrets comes from *prepare*. */
export function seedFile(lab: Lab, sandbox: LabSandbox): string | undefined {
  if (sandbox.seed === "none") return undefined;
  return seedFileName(sandbox, seedIdentity(lab, sandbox), fingerprintOf(sandbox));
}

function fingerprintOf(sandbox: LabSandbox): string {
  return seedSecrets(sandbox).length === 0 ? "" : `\${lookup(var.${variable.secretFingerprints}, "${sandbox.name}", "")}`;
}

/** What the `lifecycle` of a sandbox's root disk and seed takes from its `onChange`. */
export interface OnChange {
  /** Their change makes the root disk anew. */
  readonly rootDiskTriggers: readonly string[];
  /** Present where changes of cloud-init are ignored: the seed stays as it was made until one of them changes. */
  readonly seedTriggers?: readonly string[];
}

/**
 * Emits the value whose changes replace the root disk (`rebuild`) or the seed (`ignore`). It has all parts in either case, and a value that is made for the first time
 * replaces nothing: so that choosing another `onChange` does nothing by itself.
 */
export function emitOnChange(scope: Construct, lab: Lab, sandbox: LabSandbox): OnChange {
  const { onChange } = sandbox.cloudInit;
  if (onChange === undefined || sandbox.seed === "none") return { rootDiskTriggers: [] };
  const name = address.seed(sandbox);
  const input = {
    cloud_init: `${seedIdentity(lab, sandbox).cloudInitId}${fingerprintOf(sandbox)}`,
    surroundings: surroundingsId(lab, sandbox),
    root_disk: rootDiskIdentity(lab, sandbox),
  };
  new TerraformData(scope, name, { input });
  const part = (key: keyof typeof input): string => `terraform_data.${name}.input.${key}`;
  return onChange === "rebuild"
    ? { rootDiskTriggers: [part("cloud_init")] }
    : { rootDiskTriggers: [], seedTriggers: [part("surroundings"), part("root_disk")] };
}

/** Digest of the image that a sandbox starts from. */
export function imageOf(lab: Lab, sandbox: LabSandbox): string {
  const image = lab.images[sandbox.image];
  if (!image) throw new Error(`The normalized lab has no image "${sandbox.image}" for sandbox "${sandbox.name}"`);
  return image.digest;
}
