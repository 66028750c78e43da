import type { Construct } from "constructs";
import { cdktf } from "../../lib/synth/cdktf.ts";
import type { Lab, LabHost } from "../../lib/lab/lab.ts";
import { variable } from "./names.ts";

/**
 * What differs from machine to machine stands in variables, so that the JSON is the same everywhere. The defaults suit an ordinary host; other values
 * are in `terrarium.auto.tfvars.json`. Defaults are never null: cdktf 0.21 crashes on one.
 */
export function emitVariables(stack: Construct, lab: Lab): void {
  declareVariable(
    stack,
    variable.deploymentId,
    "string",
    "",
    "Names this deployment in the metadata of its objects. Empty: made once, and kept in the state.",
  );
  declareVariable(stack, variable.prepared, "string", "", "Hash of the lab whose images and seeds are in place.");
  declareVariable(
    stack,
    variable.secretFingerprints,
    "map(string)",
    {},
    "Keyed fingerprint of each sandbox's secrets: a change reseeds it.",
  );
  for (const host of Object.values(lab.hosts)) emitHostVariables(stack, host);
}

function emitHostVariables(stack: Construct, host: LabHost): void {
  const uri = host.uri === undefined || host.uri === "embedded" ? "qemu:///system" : host.uri;
  declareVariable(stack, variable.hostUri(host.name), "string", uri, `Where libvirt listens on host ${host.name}.`);
  declareVariable(stack, variable.domainType(host.name), "string", "kvm", `Accelerator of host ${host.name}: kvm, or qemu for emulation.`);
  declareVariable(stack, variable.cpuMode(host.name), "string", "host-passthrough", `CPU that guests on host ${host.name} see.`);
}

function declareVariable(stack: Construct, name: string, type: string, value: unknown, description: string): void {
  new cdktf.TerraformVariable(stack, `variable-${name}`, { type, default: value, description }).overrideLogicalId(name);
}
