import { nameHash } from "./name-hash.ts";

/** Bytes two and three of a network's MACs, by its name; `attempt` counts from 0 past those that other networks of the lab have. */
export function macPrefix(lab: string, network: string, attempt: number): string {
  const hash = attempt === 0 ? nameHash("mac", lab, network) : nameHash("mac", lab, network, attempt);
  return (hash % 0x1_00_00).toString(16).padStart(4, "0");
}

/**
 * The MAC that goes with an address: `02` (locally administered), the network's 16 bits, the address's index in its network. Nothing else
 * enters, so that a reservation can be made before there is a sandbox for it.
 *
 * @example macOf("a1b2", 10) // "02:a1:b2:00:00:0a"
 */
export function macOf(prefix: string, index: number): string {
  const digits = `02${prefix}${index.toString(16).padStart(6, "0")}`;
  return digits.replace(/(..)(?!$)/g, "$1:");
}
