import type { Construct } from "constructs";
import { canonicalJson } from "../../lib/lab/canonical-json.ts";
import type { Lab } from "../../lib/lab/lab.ts";
import { isOpenMac } from "../../lib/lab/plan/deployment-mac.ts";
import { sharedLab } from "../../lib/lab/shared-lab.ts";
import { TerraformData } from "../../lib/synth/terraform-data.ts";
import { terraformText } from "../../lib/synth/terraform-text.ts";
import { address, variable } from "./names.ts";
import { deploymentId, preparedHash } from "./prepared-hash.ts";

/** Environment variable by which Terraform tells `terrarium prepare` the deployment's id. */
export const deploymentVariable = "TERRARIUM_DEPLOYMENT_ID";

/** What stands before all sandboxes: who we are (`terraform_data.deployment`), what has to be in place (`.prepare`), and what all this is (`.lab`). */
export function emitDeployment(stack: Construct, lab: Lab): void {
  const id = `var.${variable.deploymentId}`;
  new TerraformData(
    stack,
    address.deployment,
    // uuid() gives another value at each plan; ignore_changes keeps the first.
    { input: `\${${id} != "" ? ${id} : substr(replace(uuid(), "-", ""), 0, 16)}` },
    { lifecycle: { ignoreChanges: ["input"] } },
  );

  emitPrepare(stack, lab);
  emitSharedLab(stack, lab);
}

/** The applied lab for whoever shares the state, and what *prepare* knew of its secrets. A text: Terraform would keep a type beside every value of an object. */
function emitSharedLab(stack: Construct, lab: Lab): void {
  const shared = terraformText(canonicalJson(sharedLab(lab)));
  new TerraformData(stack, address.lab, { input: { lab: shared, fingerprints: `\${var.${variable.secretFingerprints}}` } });
}

/** Under `terrarium` the work is done before Terraform starts and the command does nothing; under `cdktf deploy` it does the work. */
function emitPrepare(stack: Construct, lab: Lab): void {
  const hash = preparedHash(lab);
  const open = Object.values(lab.sandboxes).some(({ nics }) => nics.some(({ mac }) => isOpenMac(mac)));
  new TerraformData(
    stack,
    address.prepare,
    { triggers_replace: hash },
    {
      // Seeds of our own provider are made before the former ones go, and so must be what they depend on: where no seed is left, Terraform would find a cycle.
      ...(lab.provider === "terrarium" && { lifecycle: { createBeforeDestroy: true } }),
      provisioners: [
        {
          type: "local-exec",
          command: `\${var.${variable.prepared} == "${hash}" ? "exit 0" : "npx --no-install terrarium prepare"}`,
          ...(open && { environment: { [deploymentVariable]: deploymentId } }),
        },
      ],
    },
  );
}
