import type { Lab, LabSandbox } from "../../lib/lab/lab.ts";
import { seedFileName, seedIdentity, seedSecrets } from "../../lib/lab/seed-identity.ts";
import { variable } from "./names.ts";

/** Name of the seed's file; the fingerprint of secrets comes from *prepare*. */
export function seedFile(lab: Lab, sandbox: LabSandbox): string | undefined {
  if (sandbox.seed === "none") return undefined;
  const fingerprint = seedSecrets(sandbox).length === 0 ? "" : `\${lookup(var.${variable.secretFingerprints}, "${sandbox.name}", "")}`;
  return seedFileName(sandbox, seedIdentity(lab, sandbox), fingerprint);
}

/** Digest of the image that a sandbox starts from. */
export function imageOf(lab: Lab, sandbox: LabSandbox): string {
  const image = lab.images[sandbox.image];
  if (!image) throw new Error(`The normalized lab has no image "${sandbox.image}" for sandbox "${sandbox.name}"`);
  return image.digest;
}
