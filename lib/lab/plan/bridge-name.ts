import { nameHash } from "./name-hash.ts";

/**
 * Name of a network's bridge on the host: at most 15 characters (Linux), five of them readable, five from the hash of lab and network, so
 * that labs side by side differ. `attempt` counts from 0 past names that other networks of the lab have.
 *
 * @example bridgeName("web-tier", "front", 0) // "trm-front-1k3x9"
 */
export function bridgeName(lab: string, network: string, attempt: number): string {
  const hash = attempt === 0 ? nameHash("bridge", lab, network) : nameHash("bridge", lab, network, attempt);
  const readable = network.slice(0, 5).replace(/-+$/, "");
  return `trm-${readable}-${(hash % 36 ** 5).toString(36).padStart(5, "0")}`;
}
