import type { ResourceChange } from "../terraform/plan.ts";

/** What of the lab a Terraform resource is. */
export type Part =
  | { readonly kind: "domain" | "seed" | "sandbox trigger"; readonly host: string; readonly name: string }
  | { readonly kind: "disk"; readonly host: string; readonly name: string; readonly disk: string }
  | { readonly kind: "network" | "network trigger"; readonly host: string; readonly name: string }
  /** Terrarium's own records: deployment id, preparation, the lab itself, pools, gates. */
  | { readonly kind: "record" };

const records = /^(deployment|prepare|lab|ready(_\d+)?)$/;

const diskTypes = new Set(["libvirt_volume", "terrarium_disk"]);

const kinds: Readonly<Record<string, "domain" | "network" | "seed">> = {
  "libvirt_domain.sandbox": "domain",
  "libvirt_network.network": "network",
  "libvirt_volume.seed": "seed",
  "terrarium_sandbox.sandbox": "domain",
  "terrarium_network.network": "network",
  "terrarium_seed.seed": "seed",
};

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
  if (diskTypes.has(type) && prefix === "disk") return { kind: "disk", host, name, disk: disk ?? "root" };
  if (disk !== undefined) return undefined;
  const kind = prefix === undefined ? undefined : kinds[`${type}.${prefix}`];
  if (kind !== undefined) return { kind, host, name };
  if (type !== "terraform_data") return undefined;
  if (prefix === "sandbox") return { kind: "sandbox trigger", host, name };
  // What `onChange` goes by: what it does shows in disk and seed.
  if (prefix === "seed") return { kind: "record" };
  return prefix === "network" ? { kind: "network trigger", host, name } : undefined;
}
