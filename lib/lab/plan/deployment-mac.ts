import { nameHash } from "./name-hash.ts";

/** Stands for bytes two and three, until the deployment's id is known. */
const open = "**:**";

/**
 * MAC of a NIC in a network that others are in, too: `02`, 16 bits of the deployment's id, so that two copies of a lab on one LAN never collide, and 24 bits that say which NIC it
 * is. `attempt` counts from 0 past those that other NICs in the network have.
 *
 * @example openMac("shop", "lan", "web", 0, 0) // "02:**:**:4c:11:9e"
 */
export function openMac(lab: string, network: string, sandbox: string, ordinal: number, attempt: number): string {
  const names = [lab, network, sandbox, ordinal, ...(attempt === 0 ? [] : [attempt])];
  const digits = (nameHash("open mac", ...names) % 2 ** 24).toString(16).padStart(6, "0");
  return `02:${open}:${digits.replace(/(..)(?!$)/g, "$1:")}`;
}

/** True if something of the MAC comes from the deployment's id. */
export function isOpenMac(mac: string): boolean {
  return mac.includes(open);
}

/**
 * The MAC with what comes from the deployment.
 *
 * @param bytes bytes two and three, two hexadecimal digits each, or Terraform's expressions for them
 */
export function deploymentMac(mac: string, [second, third]: readonly [string, string]): string {
  return mac.replace(open, `${second}:${third}`);
}

/** Bytes two and three of a deployment's MACs. @param deployment its id: 16 hexadecimal digits */
export function macBytesOf(deployment: string): readonly [string, string] {
  return [deployment.slice(0, 2), deployment.slice(2, 4)];
}

/** True if a MAC that a host tells is the one of the lab, whatever the deployment. */
export function isSameMac(ofLab: string, found: string): boolean {
  if (!isOpenMac(ofLab)) return ofLab === found;
  return ofLab.slice(0, 3) === found.slice(0, 3) && ofLab.slice(8) === found.slice(8);
}
