import { stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ImageTarget } from "../hypervisor.ts";
import { listVolumes, poolOf, removeVolume } from "./storage.ts";
import type { Virsh } from "./virsh.ts";
import { readVolume } from "./volume-xml.ts";
import { parseXml, textOf } from "./xml.ts";

/** An upload may take long, and says nothing meanwhile. */
const uploadTimeout = 30 * 60_000;

/** An upload that has written nothing for so long was cut off, in milliseconds. */
const stalled = 10_000;

/** A volume cannot be renamed, so what is complete is told by a second one. */
const completeMark = (fileName: string): string => `${fileName}.complete`;

export async function hasImage(virsh: Virsh, { directory, fileName }: ImageTarget): Promise<boolean> {
  const pool = await poolOf(virsh, directory);
  const volumes = new Set((await listVolumes(virsh, pool)).map(({ name }) => name));
  if (!volumes.has(fileName) || volumes.has(completeMark(fileName))) return volumes.has(fileName);
  // One that was put there beside libvirt has no mark: it was made read-only before it got its name.
  const xml = await virsh.tryRun(["vol-dumpxml", "--pool", pool, fileName], ["OBJECT_NOT_FOUND"]);
  return xml !== undefined && readVolume(xml).mode === "0444";
}

/**
 * Of several that upload the same image at once, libvirt lets one make the volume; the others wait for it. Replacing it under that one would let it mark as
 * complete what another has just begun.
 */
export async function uploadImage(virsh: Virsh, file: string, target: ImageTarget): Promise<string> {
  const { directory, fileName } = target;
  const { size } = await stat(file);
  while (!(await hasImage(virsh, target))) {
    const pool = await poolOf(virsh, directory);
    // Exactly the file's size: a volume that is larger stays larger.
    const make = ["vol-create-as", pool, fileName, String(size), "--format", "raw", "--allocation", "0"];
    if ((await virsh.tryRun(make, ["OBJECT_EXISTS"])) === undefined) {
      if (await isCutOff(virsh, pool, target)) await removeVolume(virsh, pool, fileName);
      continue;
    }
    await virsh.run(["vol-upload", "--pool", pool, fileName, file], { timeout: uploadTimeout });
    await virsh.tryRun(["vol-create-as", pool, completeMark(fileName), "1", "--format", "raw"], ["OBJECT_EXISTS"]);
    await virsh.run(["pool-refresh", pool]);
  }
  return join(directory, fileName);
}

/** Watches what another has begun until it is complete or gone (false), or nobody has written to it for a while (true). */
async function isCutOff(virsh: Virsh, pool: string, target: ImageTarget): Promise<boolean> {
  const written = async (): Promise<string | undefined> => {
    const xml = await virsh.tryRun(["vol-dumpxml", "--pool", pool, target.fileName], ["OBJECT_NOT_FOUND"]);
    return xml === undefined ? undefined : textOf(parseXml(xml), "target", "timestamps", "mtime");
  };
  let last = await written();
  let since = Date.now();
  while (last !== undefined && Date.now() - since < stalled) {
    await sleep(250);
    if (await hasImage(virsh, target)) return false;
    const now = await written();
    if (now !== last) since = Date.now();
    last = now;
  }
  return last !== undefined;
}
