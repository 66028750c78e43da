import { createHash } from "node:crypto";
import type { NicSpec, SandboxSpec } from "../provisioning.ts";
import type { Adapter } from "./machine-file.ts";

/** First byte of the MACs of NICs for management; those of a lab begin with `02`. */
const firstByte = "06";

/**
 * MAC of the NIC that Terrarium adds to a sandbox no NAT network of which can carry its forwards: plain NAT, hidden from the lab. Whoever writes the guest's network configuration knows it from
 * the lab's own MACs, and gives it DHCP without routes (`use-routes: false`): VirtualBox's NAT always offers itself as a gateway. Pure.
 */
export function managementMac({ name, nics }: { readonly name: string; readonly nics: readonly Pick<NicSpec, "mac">[] }): string {
  const hash = createHash("sha256")
    .update(`terrarium management ${nics[0]?.mac.toLowerCase() ?? name}`)
    .digest("hex");
  return [firstByte, ...(hash.slice(0, 10).match(/../g) ?? [])].join(":");
}

export function isManagement({ mac, kind }: Adapter): boolean {
  return kind === "nat" && mac.startsWith(`${firstByte}:`);
}

/** Where a sandbox's forwards go. */
export type ForwardPath =
  | { readonly kind: "none" }
  | { readonly kind: "network"; readonly network: string; readonly address: string }
  | { readonly kind: "management"; readonly mac: string };

/** To the sandbox's address in a NAT network, else through a NIC for management. Pure. */
export function forwardPath(
  { name, forwards, nics }: Pick<SandboxSpec, "name" | "forwards" | "nics">,
  natNetworks: ReadonlySet<string>,
): ForwardPath {
  if (forwards.length === 0) return { kind: "none" };
  for (const { network, address } of nics)
    if (address !== undefined && natNetworks.has(network)) return { kind: "network", network, address };
  return { kind: "management", mac: managementMac({ name, nics }) };
}
