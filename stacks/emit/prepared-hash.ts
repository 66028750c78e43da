import type { Lab } from "../../lib/lab/lab.ts";
import { deploymentMac } from "../../lib/lab/plan/deployment-mac.ts";
import { shortHash } from "../../lib/lab/seed-identity.ts";
import { address } from "./names.ts";

/** The expression that is this deployment's id. */
export const deploymentId = `\${terraform_data.${address.deployment}.output}`;

/** A NIC's MAC; what of it comes from the deployment is an expression. */
export function macText(mac: string): string {
  const byte = (start: number): string => `\${substr(terraform_data.${address.deployment}.output, ${start}, 2)}`;
  return deploymentMac(mac, [byte(0), byte(2)]);
}

/** Identifies the lab that images and seeds were prepared for. */
export function preparedHash(lab: Lab): string {
  return shortHash({ images: lab.images, sandboxes: lab.sandboxes, networks: lab.networks });
}
