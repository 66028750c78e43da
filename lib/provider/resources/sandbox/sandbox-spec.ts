import type { Owner } from "../../../hypervisor/hypervisor.ts";
import type { NicSpec, SandboxSpec } from "../../../hypervisor/provisioning.ts";
import { Size } from "../../../units/size.ts";
import { isKnown } from "../../framework/value.ts";
import { nameOnHost } from "../client.ts";
import type { DecidedSandbox, SandboxState } from "./schema.ts";

/** A sandbox as the driver takes it, with a port of the driver's choice where none is known. Pure. */
export function sandboxSpec(sandbox: DecidedSandbox | SandboxState, owner: Owner): SandboxSpec {
  return {
    owner: { ...owner, labels: sandbox.labels },
    name: nameOnHost(owner),
    cpus: sandbox.cpus,
    ...(sandbox.max_cpus === null ? {} : { maxCpus: sandbox.max_cpus }),
    memoryBytes: Size.tryParse(sandbox.memory)?.bytes ?? 0,
    ...(sandbox.max_memory === null ? {} : { maxMemoryBytes: Size.tryParse(sandbox.max_memory)?.bytes ?? 0 }),
    autostart: sandbox.autostart,
    disks: sandbox.disks,
    ...(sandbox.seed === null ? {} : { seed: sandbox.seed }),
    nics: nicSpecs(sandbox.nics),
    forwards: Object.entries(sandbox.forwards).map(([name, forward]) => ({
      name,
      protocol: forward.protocol === "udp" ? "udp" : "tcp",
      hostAddress: forward.host_address,
      hostPort: isKnown(forward.host_port) ? forward.host_port : 0,
      guestPort: forward.guest_port,
    })),
  };
}

/** When something is applied, the plan before it has chosen every MAC. */
function nicSpecs(nics: DecidedSandbox["nics"]): NicSpec[] {
  return nics.map(({ mac, network, address }) => {
    if (!isKnown(mac)) throw new Error("Expected every MAC to be planned when a sandbox is applied");
    return { mac, network, ...(isKnown(address) && address !== null ? { address } : {}) };
  });
}
