import type { Construct } from "constructs";
import type { Lab } from "../../lib/lab/lab.ts";
import { emitBackend } from "./backend.ts";
import { emitDeployment } from "./deployment.ts";
import { emitNetwork } from "./network.ts";
import { emitReady } from "./ready.ts";
import { emitSandbox } from "./sandbox.ts";
import { emitVariables } from "./variables.ts";

/**
 * Emits all of a lab.
 *
 * @param stack holds the backend: CDK for Terraform wants it there
 * @param scope holds everything else
 * @param gates for each `Ready` construct the sandboxes it waits for; empty: all
 */
export function emitLab(stack: Construct, scope: Construct, lab: Lab, gates: readonly (readonly string[])[]): void {
  emitBackend(stack, lab);
  emitVariables(scope, lab);
  emitDeployment(scope, lab);
  for (const network of Object.values(lab.networks)) emitNetwork(scope, lab, network);
  for (const sandbox of Object.values(lab.sandboxes)) emitSandbox(scope, lab, sandbox);
  for (const [index, gate] of gates.entries()) emitReady(scope, lab, index, gate);
}
