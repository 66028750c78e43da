import type { ResourceChange } from "../terraform/plan.ts";

/** What of the lab a Terraform resource is. */
export type Part =
  | { readonly kind: "domain" | "seed" | "sandbox trigger"; readonly host: string; readonly name: string }
  | { readonly kind: "disk"; readonly host: string; readonly name: string; readonly disk: string }
  | { readonly kind: "network" | "network trigger"; readonly host: string; readonly name: string }
  /** Terrarium's own records: deployment id, preparation, pools, gates. */
  | { readonly kind: "record" };

const records = /^(deployment|prepare|ready(_\d+)?)$/;

/**
 * Reads a resource's address, which is a contract (see `stacks/emit/names.ts`): host, sandbox and disk are DNS labels, so `_` separates them.
 *
 * @returns undefined for what is no part of the lab
 */
export function partOf({
  type,
  name: id,
  module_address,
  index,
}: Pick<ResourceChange, "type" | "name" | "module_address" | "index">): Part | undefined {
  if (module_address !== undefined || index !== undefined) return undefined;
  const [prefix, host, name, disk, ...rest] = id.split("_");
  if (type === "terraform_data" && records.test(id)) return { kind: "record" };
  if (type === "libvirt_pool" && prefix === "pool" && host && name === undefined) return { kind: "record" };
  if (!host || !name || rest.length > 0) return undefined;
  if (type === "libvirt_volume" && prefix === "disk") return { kind: "disk", host, name, disk: disk ?? "root" };
  if (disk !== undefined) return undefined;
  if (type === "libvirt_domain" && prefix === "sandbox") return { kind: "domain", host, name };
  if (type === "libvirt_network" && prefix === "network") return { kind: "network", host, name };
  if (type === "libvirt_volume" && prefix === "seed") return { kind: "seed", host, name };
  if (type !== "terraform_data") return undefined;
  if (prefix === "sandbox") return { kind: "sandbox trigger", host, name };
  return prefix === "network" ? { kind: "network trigger", host, name } : undefined;
}
