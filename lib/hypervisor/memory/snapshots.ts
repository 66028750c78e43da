import { randomUUID } from "node:crypto";
import type { Capabilities, SnapshotRecord } from "../provisioning.ts";
import { notFound } from "./failure.ts";
import type { Operation } from "./memory-state.ts";
import { boot, find, off, write } from "./power.ts";

export function takeSnapshot(sandbox: string, name: string, { memorySnapshots }: Capabilities, now: Date): Operation<SnapshotRecord> {
  return (state) => {
    const found = find(state, sandbox);
    const same = found.snapshots.find((snapshot) => snapshot.name === name);
    if (same) return { state, result: same };
    const running = memorySnapshots && found.state === "running";
    const snapshot: SnapshotRecord = { id: randomUUID(), name, createdAt: now.toISOString(), running };
    return { state: write(state, { ...found, snapshots: [...found.snapshots, snapshot] }), result: snapshot };
  };
}

/** Without memory in it, a snapshot brings back disks that nobody runs on. */
export function restoreSnapshot(sandbox: string, id: string): Operation<void> {
  return (state) => {
    const found = find(state, sandbox);
    const snapshot = found.snapshots.find((candidate) => candidate.id === id);
    if (!snapshot) throw notFound(`snapshot of sandbox ${JSON.stringify(found.spec.name)}`, id);
    const stopped = off(found, "destroyed");
    return { half: write(state, stopped), state: write(state, snapshot.running ? boot(state, stopped) : stopped), result: undefined };
  };
}

export function removeSnapshot(sandbox: string, id: string): Operation<void> {
  return (state) => {
    const found = state.sandboxes.find((candidate) => candidate.id === sandbox);
    if (!found?.snapshots.some((snapshot) => snapshot.id === id)) return { state, result: undefined };
    return { state: write(state, { ...found, snapshots: found.snapshots.filter((snapshot) => snapshot.id !== id) }), result: undefined };
  };
}
