import type { Construct } from "constructs";
import { cdktf } from "../../lib/synth/cdktf.ts";
import type { Lab } from "../../lib/lab/lab.ts";
import type { Emitter } from "./emitter.ts";
import { variable } from "./names.ts";

/**
 * What differs from machine to machine stands in variables, so that the JSON is the same everywhere. The defaults suit an ordinary host; other values
 * are in `terrarium.auto.tfvars.json`. Defaults are never null: cdktf 0.21 crashes on one.
 */
export function emitVariables(stack: Construct, lab: Lab, emitter: Emitter): void {
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
  for (const host of Object.values(lab.hosts)) {
    for (const { name, default: value, description } of emitter.hostVariables(lab, host)) {
      declareVariable(stack, name, "string", value, description);
    }
  }
}

function declareVariable(stack: Construct, name: string, type: string, value: unknown, description: string): void {
  new cdktf.TerraformVariable(stack, `variable-${name}`, { type, default: value, description }).overrideLogicalId(name);
}
