import { dirname } from "node:path";
import { listPools, tryListVolumes } from "./storage.ts";
import type { Virsh } from "./virsh.ts";
import { readVolume, type Volume } from "./volume-xml.ts";

/**
 * The volumes of these paths that exist. One process for all of them; three more where some are missing, since their pool may be stopped, or may
 * not have seen what was written beside libvirt.
 */
export async function readVolumes(virsh: Virsh, paths: readonly string[]): Promise<ReadonlyMap<string, Volume>> {
  const wanted = [...new Set(paths)];
  const found = await readKnown(virsh, wanted);
  const missing = wanted.filter((path) => !found.has(path));
  if (missing.length === 0) return found;
  const directories = new Set(missing.map((path) => dirname(path)));
  const pools = (await listPools(virsh)).filter(({ path }) => path !== undefined && directories.has(path));
  for (const { name } of pools) await tryListVolumes(virsh, name);
  return pools.length === 0 ? found : new Map([...found, ...(await readKnown(virsh, missing))]);
}

async function readKnown(virsh: Virsh, paths: readonly string[]): Promise<Map<string, Volume>> {
  const definitions = paths.length === 0 ? [] : await virsh.batch(paths.map((path) => ["vol-dumpxml", `--vol=${path}`]));
  // A lookup by text that is no path may find a volume by its name: what is asked for is the path.
  const volumes = definitions.flatMap((xml) => (xml.trim() === "" ? [] : [readVolume(xml)])).filter(({ path }) => paths.includes(path));
  return new Map(volumes.map((volume) => [volume.path, volume]));
}
