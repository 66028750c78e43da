import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { ImageTarget, PoolRecord, VolumeRecord } from "../hypervisor.ts";
import type { Virsh } from "./virsh.ts";
import { readVolume } from "./volume-xml.ts";
import { descend, parseXml, textOf } from "./xml.ts";

/** An upload may take long, and says nothing meanwhile. */
const uploadTimeout = 30 * 60_000;
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

/** Volumes of a pool, which is started if it is not, after looking at its directory again: what was written beside libvirt shows only then. */
export async function listVolumes(virsh: Virsh, pool: string): Promise<VolumeRecord[]> {
  await virsh.tryRun(["pool-start", pool], ["OBJECT_ALREADY_SO"]);
  await virsh.run(["pool-refresh", pool]);
  const table = await virsh.run(["vol-list", "--pool", pool]);
  return lines(table).flatMap((line) => {
    // `NAME   /path/NAME`: the name may hold blanks, and the path ends with it.
    const match = /^(.+?)\s+(\/.*)$/.exec(line);
    return match ? [{ name: match[1] ?? "", path: match[2] ?? "" }] : [];
  });
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
async function poolOf(virsh: Virsh, directory: string): Promise<string> {
  const found = (await listPools(virsh)).find(({ path }) => path === directory);
  const name = found?.name ?? `terrarium-${createHash("sha256").update(directory).digest("hex").slice(0, 8)}`;
  if (!found) {
    await virsh.tryRun(["pool-define-as", name, "dir", "--target", directory], ["OBJECT_EXISTS"]);
    await virsh.run(["pool-build", name]);
  }
  if (!found?.active) await virsh.tryRun(["pool-start", name], ["OBJECT_ALREADY_SO"]);
  return name;
}

/** A volume cannot be renamed, so what is complete is told by a second one. */
const completeMark = (fileName: string): string => `${fileName}.complete`;

export async function hasImage(virsh: Virsh, { directory, fileName }: ImageTarget): Promise<boolean> {
  const pool = await poolOf(virsh, directory);
  const volumes = new Set((await listVolumes(virsh, pool)).map(({ name }) => name));
  if (!volumes.has(fileName) || volumes.has(completeMark(fileName))) return volumes.has(fileName);
  // One that was put there beside libvirt has no mark: it was made read-only before it got its name.
  return readVolume(await virsh.run(["vol-dumpxml", "--pool", pool, fileName])).mode === "0444";
}

export async function uploadImage(virsh: Virsh, file: string, target: ImageTarget): Promise<string> {
  const { directory, fileName } = target;
  if (await hasImage(virsh, target)) return join(directory, fileName);
  const pool = await poolOf(virsh, directory);
  await removeVolume(virsh, pool, fileName);
  const { size } = await stat(file);
  // Exactly the file's size: a volume that is larger stays larger.
  await virsh.run(["vol-create-as", pool, fileName, String(size), "--format", "raw", "--allocation", "0"]);
  await virsh.run(["vol-upload", "--pool", pool, fileName, file], { timeout: uploadTimeout });
  await virsh.run(["vol-create-as", pool, completeMark(fileName), "1", "--format", "raw"]);
  await virsh.run(["pool-refresh", pool]);
  return join(directory, fileName);
}
