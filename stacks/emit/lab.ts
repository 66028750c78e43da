import type { Construct } from "constructs";
import type { Lab } from "../../lib/lab/lab.ts";
import { emitBackend } from "./backend.ts";
import { emitDeployment } from "./deployment.ts";
import type { Emitter } from "./emitter.ts";
import { libvirtEmitter } from "./libvirt/libvirt-emitter.ts";
import { emitReady } from "./ready.ts";
import { terrariumEmitter } from "./terrarium/terrarium-emitter.ts";
import { emitVariables } from "./variables.ts";

const emitters: Readonly<Record<Lab["provider"], Emitter>> = { libvirt: libvirtEmitter, terrarium: terrariumEmitter };

/**
 * Emits all of a lab.
 *
 * @param stack holds the backend: CDK for Terraform wants it there
 * @param scope holds everything else
 * @param gates for each `Ready` construct the sandboxes it waits for; empty: all
 */
export function emitLab(stack: Construct, scope: Construct, lab: Lab, gates: readonly (readonly string[])[]): void {
  const emitter = emitters[lab.provider];
  emitBackend(stack, lab);
  emitVariables(scope, lab, emitter);
  emitDeployment(scope, lab);
  for (const host of Object.values(lab.hosts)) emitter.host(scope, lab, host);
  for (const network of Object.values(lab.networks)) emitter.network(scope, lab, network);
  for (const sandbox of Object.values(lab.sandboxes)) emitter.sandbox(scope, lab, sandbox);
  for (const [index, gate] of gates.entries()) emitReady(scope, lab, emitter, index, gate);
}
