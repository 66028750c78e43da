import { address } from "../names.ts";
import type { Emitter } from "../emitter.ts";
import { emitHost, hostVariables } from "./host.ts";
import { emitNetwork } from "./network.ts";
import { emitSandbox } from "./sandbox.ts";

/** Resources of `dmacvicar/libvirt`. A sandbox that is changed gets a domain of its own, with another UUID. */
export const libvirtEmitter: Emitter = {
  hostVariables,
  host: emitHost,
  network: emitNetwork,
  sandbox: emitSandbox,
  boots: (sandbox) => [`\${libvirt_domain.${address.sandbox(sandbox)}.uuid}`],
};
