import { setTimeout as delay } from "node:timers/promises";
import { findRunMembers, isAlive, type ProcessId } from "./proc.ts";
import type { RunRecord } from "./run-record.ts";

/**
 * Ends what a Terraform that is gone left behind in its process group: a provider lives on without an end when its Terraform was killed
 * (measured with dmacvicar/libvirt 0.9.7), and so does a provisioner's grandchild after an interrupt.
 *
 * Only processes that carry the run's id *and* are still in its process group: a daemon that a provisioner started on purpose
 * (libvirtd of an embedded host) has left the group with setsid and is not touched.
 *
 * @returns how many were ended
 */
export async function endLeftovers({ runId, terraform }: RunRecord): Promise<number> {
  if (!terraform) return 0;
  const leftovers = (await findRunMembers(runId)).filter(({ group, pid }) => group === terraform.pid && pid !== terraform.pid);
  await Promise.all(leftovers.map(endProcess));
  return leftovers.length;
}

/** SIGTERM, and SIGKILL where that is not obeyed within two seconds. */
async function endProcess(process: ProcessId): Promise<void> {
  await signalProcess(process, "SIGTERM");
  for (let waited = 0; waited < 2000 && (await isAlive(process)); waited += 50) await delay(50);
  await signalProcess(process, "SIGKILL");
}

/** Sends a signal to a process if it is still the same one. */
export async function signalProcess(process: ProcessId, signal: NodeJS.Signals): Promise<void> {
  if (!(await isAlive(process))) return;
  try {
    globalThis.process.kill(process.pid, signal);
  } catch (error) {
    // It ended between the look and the signal.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
