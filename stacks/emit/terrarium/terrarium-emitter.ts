import type { Emitter } from "../emitter.ts";
import { address } from "../names.ts";
import { emitHost, hostVariables } from "./host.ts";
import { emitNetwork } from "./network.ts";
import { emitSandbox } from "./sandbox.ts";

/** Resources of our own provider. A sandbox keeps its id through all changes in place; a new seed makes it get ready anew. */
export const terrariumEmitter: Emitter = {
  hostVariables,
  host: emitHost,
  network: emitNetwork,
  sandbox: emitSandbox,
  boots: (sandbox) => [
    `\${terrarium_sandbox.${address.sandbox(sandbox)}.id}`,
    ...(sandbox.seed === "none" ? [] : [`\${terrarium_seed.${address.seed(sandbox)}.id}`]),
  ],
};
