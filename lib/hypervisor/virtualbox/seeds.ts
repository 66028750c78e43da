import { rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { SeedRecord, SeedSpec } from "../provisioning.ts";
import { copyPrivately, isMissing, removeEmpty } from "./files.ts";
import type { VirtualBox } from "./host.ts";
import { isInside, seedPath } from "./layout.ts";

/** A seed holds secrets: 0600, in the deployment's folder. VirtualBox runs as the same user. */
export async function createSeed({ layout }: VirtualBox, { owner, name, file }: SeedSpec): Promise<SeedRecord> {
  const path = seedPath(layout, owner, name);
  await copyPrivately(file, path);
  return { id: path, path };
}

export async function listSeeds(ids: readonly string[]): Promise<Map<string, SeedRecord>> {
  const found = await Promise.all(
    ids.map(async (id) => {
      try {
        return (await stat(id)).isFile() ? [id] : [];
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    }),
  );
  return new Map(found.flat().map((id) => [id, { id, path: id }]));
}

export async function removeSeed({ vbox, layout }: VirtualBox, id: string): Promise<void> {
  if (!isInside(id, layout.pools)) return;
  // Otherwise VBoxSVC lists it until it ends.
  await vbox.tryRun(
    ["closemedium", "dvd", id],
    ["OBJECT_NOT_FOUND", "DISK_MISSING", "DISK_IN_USE", "DEFINITION_REFUSED", "HYPERVISOR_FAILED"],
  );
  await rm(id, { force: true });
  await removeEmpty(dirname(id), layout.pools);
}
