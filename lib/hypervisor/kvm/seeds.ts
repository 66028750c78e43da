import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { withTemporaryFolder } from "../../files/temporary-folder.ts";
import type { SeedRecord, SeedSpec } from "../provisioning.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { inPool, makeVolume, poolOfDeployment, removePath, type DeploymentPool } from "./pool-of-deployment.ts";
import { readVolumes } from "./read-volumes.ts";
import type { Virsh } from "./virsh.ts";
import { rawVolumeXml } from "./volume-xml.ts";

/** Seeds are small, but a host may be far away. */
const transferTimeout = 5 * 60_000;

/**
 * Copies a seed to the host. One that is there with the same content stays; another, or one whose copying was cut off, is deleted and made anew: never
 * written over, since a guest that has it in its drive would see that at once.
 */
export async function createSeed(virsh: Virsh, spec: SeedSpec, hostName: string): Promise<SeedRecord> {
  const pool = poolOfDeployment(spec.owner, hostName);
  const path = join(pool.directory, spec.name);
  const { size } = await stat(spec.file);
  return await oneAtATime(`${virsh.uri} seed ${path}`, async () => {
    const xml = rawVolumeXml(spec.name, size);
    if (!(await makeVolume(virsh, pool, xml))) {
      if ((await readVolumes(virsh, [path])).get(path)?.sizeBytes === size && (await hasContent(virsh, pool, spec)))
        return { id: path, path };
      await removePath(virsh, path);
      await makeVolume(virsh, pool, xml);
    }
    const upload = ["vol-upload", `--pool=${pool.name}`, `--vol=${spec.name}`, `--file=${spec.file}`];
    await inPool(virsh, pool, () => virsh.run(upload, { timeout: transferTimeout }));
    return { id: path, path };
  });
}

async function hasContent(virsh: Virsh, pool: DeploymentPool, { name, file }: SeedSpec): Promise<boolean> {
  // A directory that only we may enter: a seed holds secrets.
  return await withTemporaryFolder("seed", async (directory) => {
    const copy = join(directory, "seed.iso");
    await virsh.run(["vol-download", `--pool=${pool.name}`, `--vol=${name}`, `--file=${copy}`], { timeout: transferTimeout });
    return (await digest(copy)) === (await digest(file));
  });
}

async function digest(file: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
}

export async function listSeeds(virsh: Virsh, ids: readonly string[]): Promise<ReadonlyMap<string, SeedRecord>> {
  return new Map([...(await readVolumes(virsh, ids)).keys()].map((path) => [path, { id: path, path }]));
}

export async function removeSeed(virsh: Virsh, id: string): Promise<void> {
  await removePath(virsh, id);
}
