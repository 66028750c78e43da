import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { PoolRecord, VolumeRecord } from "../hypervisor.ts";
import { hasCode, type Virsh } from "./virsh.ts";
import { descend, parseXml, textOf } from "./xml.ts";

const lines = (output: string): string[] =>
  output
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

export async function listPools(virsh: Virsh): Promise<PoolRecord[]> {
  const [all = "", running = ""] = await virsh.batch([
    ["pool-list", "--all", "--name"],
    ["pool-list", "--name"],
  ]);
  const names = lines(all);
  const active = new Set(lines(running));
  const definitions = names.length === 0 ? [] : await virsh.batch(names.map((name) => ["pool-dumpxml", name]));
  return definitions.flatMap((xml, index) => {
    if (xml.trim() === "") return [];
    const pool = parseXml(xml);
    const name = names[index] ?? "";
    return [{ id: textOf(pool, "uuid") ?? "", name, active: active.has(name), path: textOf(descend(pool, "target"), "path") }];
  });
}

/** How often a pool is looked through again while others work in it, or stop and start it. */
const attempts = 30;

/** Volumes of a pool, which is started if it is not, after looking at its directory again: what was written beside libvirt shows only then. */
export async function listVolumes(virsh: Virsh, pool: string): Promise<VolumeRecord[]> {
  for (let attempt = 1; ; attempt += 1) {
    await virsh.tryRun(["pool-start", pool], ["OBJECT_ALREADY_SO", "DISK_IN_USE"]);
    try {
      await virsh.run(["pool-refresh", pool]);
      break;
    } catch (error) {
      // libvirt does not refresh a pool in which a volume is just being made.
      if (attempt === attempts || !hasCode(error, "DISK_IN_USE", "OBJECT_ALREADY_SO")) throw error;
      await sleep(100);
    }
  }
  const table = await virsh.run(["vol-list", "--pool", pool]);
  return lines(table).flatMap((line) => {
    // `NAME   /path/NAME`: the name may hold blanks, and the path ends with it.
    const match = /^(.+?)\s+(\/.*)$/.exec(line);
    return match ? [{ name: match[1] ?? "", path: match[2] ?? "" }] : [];
  });
}

/** The same for a pool that another process may be removing, or whose directory somebody has removed: undefined if it is gone. */
export async function tryListVolumes(virsh: Virsh, pool: string): Promise<VolumeRecord[] | undefined> {
  try {
    return await listVolumes(virsh, pool);
  } catch (error) {
    if (hasCode(error, "OBJECT_NOT_FOUND", "HYPERVISOR_FAILED")) return undefined;
    throw error;
  }
}

export async function removeVolume(virsh: Virsh, pool: string, name: string): Promise<void> {
  await virsh.tryRun(["vol-delete", "--pool", pool, name], ["OBJECT_NOT_FOUND"]);
}

export async function removePool(virsh: Virsh, name: string, volumes: boolean): Promise<void> {
  const pool = (await listPools(virsh)).find((candidate) => candidate.name === name);
  if (!pool) return;
  if (volumes) {
    // A killed run may have defined it and not made its directory.
    if (!pool.active) await virsh.run(["pool-build", name]);
    for (const volume of await listVolumes(virsh, name)) await removeVolume(virsh, name, volume.name);
  }
  await virsh.tryRun(["pool-destroy", name], ["OBJECT_ALREADY_SO", "OBJECT_NOT_FOUND"]);
  // Fails for a directory that is not empty: something else lives there, and stays.
  if (volumes) await virsh.tryRun(["pool-delete", name], ["HYPERVISOR_FAILED", "OBJECT_NOT_FOUND"]);
  await virsh.tryRun(["pool-undefine", name], ["OBJECT_NOT_FOUND"]);
}

/** The pool of a directory: whichever has it, else one of ours, made now. libvirt refuses two pools for one directory. */
export async function poolOf(virsh: Virsh, directory: string): Promise<string> {
  const found = (await listPools(virsh)).find(({ path }) => path === directory);
  const name = found?.name ?? `terrarium-${createHash("sha256").update(directory).digest("hex").slice(0, 8)}`;
  if (!found) {
    await virsh.tryRun(["pool-define-as", name, "dir", "--target", directory], ["OBJECT_EXISTS"]);
    await virsh.run(["pool-build", name]);
  }
  if (!found?.active) await virsh.tryRun(["pool-start", name], ["OBJECT_ALREADY_SO"]);
  return name;
}
