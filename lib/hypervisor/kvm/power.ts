import { setTimeout as sleep } from "node:timers/promises";
import type { SandboxRecord, ShutdownResult } from "../hypervisor.ts";
import { removeForwards } from "./forwards/bring-forwards.ts";
import { readDomains } from "./list-domains.ts";
import type { Virsh } from "./virsh.ts";

async function isOff(virsh: Virsh, id: string): Promise<boolean> {
  const state = (await virsh.run(["domstate", id])).trim();
  return state === "shut off" || state === "crashed";
}

export async function startDomain(virsh: Virsh, id: string): Promise<void> {
  await virsh.tryRun(["start", id], ["OBJECT_ALREADY_SO"]);
}

/** Already off, or gone, is fine. */
export async function powerOffDomain(virsh: Virsh, id: string): Promise<void> {
  await virsh.tryRun(["destroy", id], ["OBJECT_ALREADY_SO", "OBJECT_NOT_FOUND"]);
}

export async function shutdownDomain(virsh: Virsh, id: string, timeout: number): Promise<ShutdownResult> {
  if (await isOff(virsh, id)) return "already-off";
  const deadline = Date.now() + timeout;
  let asked = 0;
  while (Date.now() < deadline) {
    // A guest that is still booting does not hear the button: press it again.
    if (Date.now() - asked > 10_000) {
      asked = Date.now();
      // A paused guest cannot hear it either; only the power cut at the end takes that one down.
      await virsh.tryRun(["shutdown", id, "--mode", await shutdownMode(virsh, id)], ["OBJECT_ALREADY_SO", "AGENT_DOWN"]);
    }
    await sleep(150);
    if (await isOff(virsh, id)) return "shutdown";
  }
  await powerOffDomain(virsh, id);
  return "power-cut";
}

export async function rebootDomain(virsh: Virsh, id: string): Promise<void> {
  await virsh.run(["reboot", id, "--mode", await shutdownMode(virsh, id)]);
}

/** The agent is the surer way where it answers; an ACPI button may be ignored by a desktop or a rescue shell. */
async function shutdownMode(virsh: Virsh, id: string): Promise<"agent" | "acpi"> {
  const [domain]: (SandboxRecord | undefined)[] = await readDomains(virsh, [id], new Set());
  return domain?.agent === "connected" ? "agent" : "acpi";
}

/** Cuts the power and forgets the domain; its disks stay. */
export async function removeDomain(virsh: Virsh, id: string): Promise<void> {
  await powerOffDomain(virsh, id);
  await virsh.tryRun(["undefine", id, "--managed-save", "--snapshots-metadata", "--nvram"], ["OBJECT_NOT_FOUND"]);
  await removeForwards(id);
}
