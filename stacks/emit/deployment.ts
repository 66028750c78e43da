import type { Construct } from "constructs";
import type { Lab } from "../../lib/lab/lab.ts";
import { TerraformData } from "../../lib/synth/terraform-data.ts";
import { address, variable } from "./names.ts";
import { preparedHash } from "./prepared-hash.ts";

/** What stands before all sandboxes: who we are (`terraform_data.deployment`), and what has to be in place (`terraform_data.prepare`). */
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
}

/** Under `terrarium` the work is done before Terraform starts and the command does nothing; under `cdktf deploy` it does the work. */
function emitPrepare(stack: Construct, lab: Lab): void {
  const hash = preparedHash(lab);
  new TerraformData(
    stack,
    address.prepare,
    { triggers_replace: hash },
    {
      provisioners: [
        { type: "local-exec", command: `\${var.${variable.prepared} == "${hash}" ? "exit 0" : "npx --no-install terrarium prepare"}` },
      ],
    },
  );
}
