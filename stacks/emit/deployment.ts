import type { Construct } from "constructs";
import type { Lab } from "../../lib/lab/lab.ts";
import { TerraformData } from "../../lib/synth/terraform-data.ts";
import { LibvirtPool } from "../../lib/synth/libvirt/pool.ts";
import { LibvirtProvider } from "../../lib/synth/libvirt/provider.ts";
import { terraformText } from "../../lib/synth/terraform-text.ts";
import { address, place, variable } from "./names.ts";
import { deploymentId, preparedHash } from "./prepared-hash.ts";

/**
 * What stands before all sandboxes: who we are (`terraform_data.deployment`), what has to be in place (`terraform_data.prepare`), and a provider and a
 * directory for volumes on each host.
 */
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
  for (const host of Object.values(lab.hosts)) {
    new LibvirtProvider(stack, `provider-${host.name}`, { uri: `\${var.${variable.hostUri(host.name)}}`, alias: host.name });
    if (!host.inUse) continue;
    const config = {
      name: `${terraformText(lab.name)}-${deploymentId}`,
      type: "dir",
      target: { path: place.pool(host.name) },
      create: { build: true, start: true, autostart: true },
      destroy: { delete: true },
    } as const;
    new LibvirtPool(stack, address.pool(host.name), config, { host: host.name });
  }
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
