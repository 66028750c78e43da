import type { Construct } from "constructs";
import type { Lab, LabHost } from "../../../lib/lab/lab.ts";
import { TerrariumProvider } from "../../../lib/synth/terrarium/provider.ts";
import { terraformText } from "../../../lib/synth/terraform-text.ts";
import type { HostVariable } from "../emitter.ts";
import { variable } from "../names.ts";
import { deploymentId } from "../prepared-hash.ts";
import { uriVariable } from "../uri-variable.ts";

export function hostVariables({ hypervisor }: Lab, host: LabHost): HostVariable[] {
  if (hypervisor !== "kvm") return [];
  return [
    uriVariable(host),
    {
      name: variable.accelerator(host.name),
      default: "hardware",
      description: `Accelerator of host ${host.name}: hardware, or emulation. Sandboxes that are there keep theirs.`,
    },
  ];
}

/** The provider makes what storage a host needs by itself: a block with the deployment's id is all. */
export function emitHost(scope: Construct, lab: Lab, { name }: LabHost): void {
  new TerrariumProvider(scope, `provider-${name}`, {
    alias: name,
    hypervisor: lab.hypervisor,
    ...(lab.hypervisor === "kvm" && {
      uri: `\${var.${variable.hostUri(name)}}`,
      accelerator: `\${var.${variable.accelerator(name)}}`,
    }),
    lab: terraformText(lab.name),
    deployment: deploymentId,
    host: terraformText(name),
  });
}
