import type { Lab } from "../../lib/lab/lab.ts";
import { shortHash } from "../../lib/lab/seed-identity.ts";
import { address } from "./names.ts";

/** The expression that is this deployment's id. */
export const deploymentId = `\${terraform_data.${address.deployment}.output}`;

/** Identifies the lab that images and seeds were prepared for. */
export function preparedHash(lab: Lab): string {
  return shortHash({ images: lab.images, sandboxes: lab.sandboxes, networks: lab.networks });
}
