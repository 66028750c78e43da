import { address } from "../../stacks/emit/names.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Lab } from "../lab/lab.ts";
import { locateDiagnostics, type Locate } from "../labfile/locate.ts";
import type { TerraformDiagnostic } from "../terraform/terraform-diagnostic.ts";

/** Terraform's diagnostics about an object, at the place of the lab that declares it. */
export function locateTerraformDiagnostics(diagnostics: readonly TerraformDiagnostic[], lab: Lab, locate?: Locate): Diagnostic[] {
  const located = diagnostics.map(({ diagnostic, address: resource }) => {
    const path = resource === undefined ? undefined : pathOf(resource, lab);
    return path === undefined || diagnostic.path ? diagnostic : { ...diagnostic, path };
  });
  return locate ? locateDiagnostics(located, locate) : located;
}

/** Where in the lab as written an object is declared; undefined for those that no line declares. */
export function pathOf(resourceAddress: string, lab: Lab): (string | number)[] | undefined {
  const name = resourceAddress.slice(resourceAddress.indexOf(".") + 1);
  for (const sandbox of Object.values(lab.sandboxes)) {
    const ids = [
      address.sandbox(sandbox),
      address.rootDisk(sandbox),
      address.seed(sandbox),
      ...sandbox.disks.map((disk) => address.extraDisk(sandbox, disk.name)),
    ];
    if (ids.includes(name)) return ["sandboxes", sandbox.writtenAs];
  }
  for (const network of Object.values(lab.networks)) {
    if (address.network(network) !== name) continue;
    return network.ownedBy === undefined
      ? ["networks", network.name]
      : ["sandboxes", lab.sandboxes[network.ownedBy]?.writtenAs ?? network.ownedBy];
  }
  return undefined;
}
