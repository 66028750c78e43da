import type { Construct } from "constructs";
import type { Lab, LabHost } from "../../../lib/lab/lab.ts";
import { LibvirtPool } from "../../../lib/synth/libvirt/pool.ts";
import { LibvirtProvider } from "../../../lib/synth/libvirt/provider.ts";
import { terraformText } from "../../../lib/synth/terraform-text.ts";
import type { HostVariable } from "../emitter.ts";
import { address, place, variable } from "../names.ts";
import { deploymentId } from "../prepared-hash.ts";
import { uriVariable } from "../uri-variable.ts";

export function hostVariables(_lab: Lab, host: LabHost): HostVariable[] {
  const { name } = host;
  return [
    uriVariable(host),
    { name: variable.domainType(name), default: "kvm", description: `Accelerator of host ${name}: kvm, or qemu for emulation.` },
    { name: variable.cpuMode(name), default: "host-passthrough", description: `CPU that guests on host ${name} see.` },
  ];
}

/** A provider and a directory for volumes. */
export function emitHost(scope: Construct, lab: Lab, { name, inUse }: LabHost): void {
  new LibvirtProvider(scope, `provider-${name}`, { uri: `\${var.${variable.hostUri(name)}}`, alias: name });
  if (!inUse) return;
  const config = {
    name: `${terraformText(lab.name)}-${deploymentId}`,
    type: "dir",
    target: { path: place.pool(name) },
    create: { build: true, start: true, autostart: true },
    destroy: { delete: true },
  } as const;
  new LibvirtPool(scope, address.pool(name), config, { host: name });
}
