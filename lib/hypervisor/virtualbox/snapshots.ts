import type { SnapshotRecord } from "../provisioning.ts";
import { readView, type VirtualBox } from "./host.ts";
import { requireMachine, runningStates } from "./list-sandboxes.ts";
import { notFound } from "./owner.ts";
import { powerOffSandbox, startSandbox } from "./power.ts";

export async function listSnapshots(box: VirtualBox, sandbox: string): Promise<SnapshotRecord[]> {
  const machine = (await readView(box)).all.find(({ id }) => id === sandbox);
  return (machine?.snapshots ?? []).map(({ id, name, createdAt, running }) => ({ id, name, createdAt, running }));
}

/** VirtualBox lets two have one name. */
export async function takeSnapshot(box: VirtualBox, sandbox: string, name: string): Promise<SnapshotRecord> {
  await requireMachine(box, sandbox);
  const found = (await listSnapshots(box, sandbox)).find((snapshot) => snapshot.name === name);
  if (found) return found;
  await box.vbox.run(["snapshot", sandbox, "take", name], { machine: sandbox, timeout: 600_000 });
  const taken = (await listSnapshots(box, sandbox)).findLast((snapshot) => snapshot.name === name);
  if (!taken) throw notFound("snapshot", name);
  return taken;
}

/** A snapshot with memory goes on running; any other leaves the sandbox off. */
export async function restoreSnapshot(box: VirtualBox, sandbox: string, snapshot: string): Promise<void> {
  const { machine } = await requireMachine(box, sandbox);
  const found = machine.snapshots.find(({ id }) => id === snapshot);
  if (!found) throw notFound("snapshot", snapshot);
  if ((await runningStates(box)).has(sandbox)) await powerOffSandbox(box, sandbox);
  await box.vbox.run(["snapshot", sandbox, "restore", snapshot], { machine: sandbox, timeout: 600_000 });
  if (found.running) await startSandbox(box, sandbox);
}

export async function removeSnapshot(box: VirtualBox, sandbox: string, snapshot: string): Promise<void> {
  if (!(await listSnapshots(box, sandbox)).some(({ id }) => id === snapshot)) return;
  await box.vbox.run(["snapshot", sandbox, "delete", snapshot], { machine: sandbox, timeout: 1_800_000 });
}

/**
 * Removes all snapshots so that the disks hold what they hold now. The current one's branch must be last to go; a snapshot that several lead on from cannot be removed, so leaves go first.
 */
export async function removeAllSnapshots(box: VirtualBox, sandbox: string): Promise<void> {
  // Read parents before children: backwards, leaves come first.
  for (const { id } of (await listSnapshots(box, sandbox)).toReversed()) await removeSnapshot(box, sandbox, id);
}
