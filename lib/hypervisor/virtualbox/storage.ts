import { chmod, copyFile, mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ImageTarget, PoolRecord, VolumeRecord } from "../hypervisor.ts";
import { namesIn } from "./disk-mark.ts";
import { removeDisk } from "./disks.ts";
import { isMissing, putInPlace, removeEmpty } from "./files.ts";
import { readView, type VirtualBox } from "./host.ts";
import { isInside, safeName } from "./layout.ts";
import { removeFolder } from "./sandboxes.ts";
import { removeSeed } from "./seeds.ts";

/** A deployment's folder is its pool, disks and seeds are its volumes. */
export async function listPools({ layout }: VirtualBox): Promise<PoolRecord[]> {
  return (await namesIn(layout.pools)).map((name) => ({ id: name, name, active: true, path: join(layout.pools, name) }));
}

export async function listVolumes({ layout }: VirtualBox, pool: string): Promise<VolumeRecord[]> {
  const folder = join(layout.pools, safeName(pool));
  const disks = (await namesIn(join(folder, "disks"))).filter((name) => name.endsWith(".vdi"));
  const seeds = await namesIn(join(folder, "seeds"));
  return [
    ...disks.map((name) => ({ name, path: join(folder, "disks", name) })),
    ...seeds.map((name) => ({ name, path: join(folder, "seeds", name) })),
  ];
}

export async function removeVolume(box: VirtualBox, pool: string, name: string): Promise<void> {
  const volume = (await listVolumes(box, pool)).find((one) => one.name === name);
  if (!volume) return;
  await (volume.path.endsWith(".vdi") ? removeDisk(box, volume.path) : removeSeed(box, volume.path));
}

/** A folder in which a sandbox still has its settings stays. */
export async function removePool(box: VirtualBox, name: string, { volumes = false }: { readonly volumes?: boolean } = {}): Promise<void> {
  const folder = join(box.layout.pools, safeName(name));
  if (volumes) await removeGoneSandboxes(box, join(folder, "sandboxes"));
  if (volumes) for (const volume of await listVolumes(box, name)) await removeVolume(box, name, volume.name);
  for (const part of ["disks", "seeds", "sandboxes"]) await removeEmpty(join(folder, part), box.layout.pools);
  await removeEmpty(folder, box.layout.pools);
}

/** Folders of sandboxes that VirtualBox no longer knows: a kill in the middle of a removal leaves one, and its snapshots' differences would hold the image for ever. */
async function removeGoneSandboxes(box: VirtualBox, folder: string): Promise<void> {
  const { all, inaccessible } = await readView(box);
  for (const group of await namesIn(folder))
    for (const name of await namesIn(join(folder, group))) {
      const directory = join(folder, group, name);
      if (![...all, ...inaccessible].some(({ file }) => isInside(file, directory))) await removeFolder(box, directory);
    }
  for (const group of await namesIn(folder)) await removeEmpty(join(folder, group), folder);
}

export async function uploadImage(file: string, target: ImageTarget): Promise<string> {
  const path = join(target.directory, target.fileName);
  if (await hasImage(target)) return path;
  // For all users of this machine, where it is not there yet.
  await mkdir(target.directory, { recursive: true });
  await putInPlace(path, async (temporary) => {
    await copyFile(file, temporary);
    await chmod(temporary, 0o444);
  });
  return path;
}

/** Never a part of it: it gets its name when it is complete. */
export async function hasImage({ directory, fileName }: ImageTarget): Promise<boolean> {
  try {
    return (await stat(join(directory, fileName))).isFile();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
