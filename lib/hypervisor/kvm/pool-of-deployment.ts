import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DiagnosticCode } from "../../diagnostics/codes.ts";
import type { Owner } from "../hypervisor.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { listPools, tryListVolumes } from "./storage.ts";
import { hasCode, type Virsh } from "./virsh.ts";
import { withXmlFile } from "./xml-file.ts";

/** The libvirt pool that holds a deployment's disks and seeds on one host. */
export interface DeploymentPool {
  readonly name: string;
  readonly directory: string;
}

const poolsDirectory = "/var/lib/terrarium/pools";
const attempts = 10;

/** Its name and place, the same as with the libvirt provider. Pure. @param hostName the host's name in the lab */
export function poolOfDeployment({ deployment, lab }: Pick<Owner, "deployment" | "lab">, hostName: string): DeploymentPool {
  return { name: `${lab}-${deployment}`, directory: join(poolsDirectory, `${deployment}-${hostName}`) };
}

/**
 * Runs `work` in the pool, which is made or started first if it is not there: two hosts of a lab, two processes and several calls may do that at
 * once, and another may just remove the pool because its last volume went.
 *
 * @param work fails with OBJECT_NOT_FOUND or OBJECT_ALREADY_SO only for want of the pool
 */
export async function inPool<T>(virsh: Virsh, pool: DeploymentPool, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !hasCode(error, "OBJECT_NOT_FOUND", "OBJECT_ALREADY_SO")) throw error;
    }
    // What fails here because the pool is being removed at this moment, the next attempt does again; its last one says why.
    const accepted: DiagnosticCode[] = attempt + 1 === attempts ? [] : ["HYPERVISOR_FAILED", "DISK_IN_USE"];
    await oneAtATime(key(virsh, pool.name), () => openPool(virsh, pool, accepted));
  }
}

/** Makes a volume in the deployment's pool. @returns false if one of that name is there */
export async function makeVolume(virsh: Virsh, pool: DeploymentPool, xml: string): Promise<boolean> {
  try {
    return await withXmlFile(xml, (file) =>
      inPool(virsh, pool, async () => (await virsh.tryRun(["vol-create", `--pool=${pool.name}`, file], ["OBJECT_EXISTS"])) !== undefined),
    );
  } catch (error) {
    // The pool may have been made for a volume that could not be.
    if (!hasCode(error, "HOST_LOST", "HOST_TIMEOUT", "HOST_UNREACHABLE")) {
      await oneAtATime(key(virsh, pool.name), () => closeIfEmpty(virsh, pool.name));
    }
    throw error;
  }
}

const key = (virsh: Virsh, pool: string): string => `${virsh.uri} pool ${pool}`;

async function openPool(virsh: Virsh, { name, directory }: DeploymentPool, accepted: readonly DiagnosticCode[]): Promise<void> {
  const passing = ["OBJECT_NOT_FOUND", "OBJECT_ALREADY_SO", ...accepted] as const;
  await virsh.tryRun(["pool-define-as", `--name=${name}`, "dir", `--target=${directory}`], ["OBJECT_EXISTS"]);
  await virsh.tryRun(["pool-build", `--pool=${name}`], passing);
  await virsh.tryRun(["pool-start", `--pool=${name}`], passing);
  await virsh.tryRun(["pool-autostart", `--pool=${name}`], passing);
}

/** Deletes a volume by its path, and the deployment's pool with the last one. Does nothing where there is no such volume. */
export async function removePath(virsh: Virsh, path: string): Promise<void> {
  // One process, where all is as expected: its second look finds nothing more.
  const [known = "", , still = ""] = await virsh.batch([
    ["vol-pool", `--vol=${path}`],
    ["vol-delete", `--vol=${path}`],
    ["vol-pool", `--vol=${path}`],
  ]);
  const pool = known.trim() !== "" && still.trim() === "" ? known.trim() : await removeFromPool(virsh, path);
  // Another's pool stays, also empty.
  if (pool !== undefined && dirname(dirname(path)) === poolsDirectory) await close(virsh, pool);
}

/** The same step by step. @returns the pool; undefined if there is none */
async function removeFromPool(virsh: Virsh, path: string): Promise<string | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const pool = await poolOfPath(virsh, path);
    if (pool === undefined) return undefined;
    try {
      await virsh.tryRun(["vol-delete", `--pool=${pool}`, `--vol=${basename(path)}`], ["OBJECT_NOT_FOUND"]);
      return pool;
    } catch (error) {
      // Another process has just stopped the pool, or still copies something into the volume.
      if (attempt === attempts || !hasCode(error, "OBJECT_ALREADY_SO", "DISK_IN_USE")) throw error;
      await sleep(100 * attempt);
    }
  }
}

/** One that libvirt does not know at once may be in a pool that is stopped: that is started, and looked through again. */
async function poolOfPath(virsh: Virsh, path: string): Promise<string | undefined> {
  const known = await virsh.tryRun(["vol-pool", `--vol=${path}`], ["OBJECT_NOT_FOUND", "OBJECT_ALREADY_SO"]);
  if (known !== undefined) return known.trim();
  const pool = (await listPools(virsh)).find((candidate) => candidate.path === dirname(path));
  return pool && (await tryListVolumes(virsh, pool.name)) ? pool.name : undefined;
}

const waiting = new Map<string, number>();

/** Closes the pool if it is empty, when the last of several that remove something from it at once comes to that. */
async function close(virsh: Virsh, pool: string): Promise<void> {
  const id = key(virsh, pool);
  waiting.set(id, (waiting.get(id) ?? 0) + 1);
  await oneAtATime(id, async () => {
    const others = (waiting.get(id) ?? 1) - 1;
    if (others > 0) waiting.set(id, others);
    else waiting.delete(id);
    if (others === 0) await closeIfEmpty(virsh, pool);
  });
}

/** libvirt removes no directory that holds anything: what another process has put there meanwhile is safe. */
async function closeIfEmpty(virsh: Virsh, pool: string): Promise<void> {
  const gone = ["OBJECT_NOT_FOUND", "OBJECT_ALREADY_SO"] as const;
  const refused = [...gone, "HYPERVISOR_FAILED", "DISK_IN_USE"] as const;
  const volumes = await virsh.tryRun(["vol-list", `--pool=${pool}`], gone);
  if (volumes === undefined || volumes.trim() !== "") return;
  if ((await virsh.tryRun(["pool-destroy", `--pool=${pool}`], refused)) === undefined) return;
  const deleted = await virsh.tryRun(["pool-delete", `--pool=${pool}`], refused);
  if (deleted === undefined) await virsh.tryRun(["pool-start", `--pool=${pool}`], refused);
  else await virsh.tryRun(["pool-undefine", `--pool=${pool}`], refused);
}
