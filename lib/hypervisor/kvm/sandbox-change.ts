import type { SandboxChange, SandboxSpec } from "../provisioning.ts";
import { sameOwner } from "./owner.ts";

/**
 * What it takes to bring a sandbox from one specification to another. Pure.
 *
 * The accelerator is no change: a sandbox keeps what it was made with. Neither is another order of NICs or further disks, nor a NIC's planned address.
 */
export function sandboxChange(from: SandboxSpec, to: SandboxSpec): SandboxChange {
  if (from.name !== to.name || from.disks[0] !== to.disks[0]) return "replace";
  if (from.cpus !== to.cpus || from.memoryBytes !== to.memoryBytes || from.seed !== to.seed) return "reboot";
  const live = (spec: SandboxSpec): string =>
    JSON.stringify([
      spec.autostart,
      spec.nics.map(({ mac, network }) => `${mac.toLowerCase()} ${network}`).sort(),
      [...spec.disks].sort(),
      spec.forwards.map((forward) => JSON.stringify(forward)).sort(),
    ]);
  return live(from) === live(to) && sameOwner(from.owner, to.owner) ? "none" : "live";
}
