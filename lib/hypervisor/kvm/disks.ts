import { join } from "node:path";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { DiskRecord, DiskSpec, ImageRecord } from "../provisioning.ts";
import { digestOf, imagePath } from "./image-path.ts";
import { listDomains, readDomains } from "./list-domains.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { makeVolume, poolOfDeployment, removePath } from "./pool-of-deployment.ts";
import { readVolumes } from "./read-volumes.ts";
import { hasCode, type Virsh } from "./virsh.ts";
import { diskVolumeXml, type Volume } from "./volume-xml.ts";

export type FindImage = (digest: string) => Promise<ImageRecord | undefined>;

const toRecord = ({ path, sizeBytes, backingFile }: Volume): DiskRecord => {
  const image = backingFile === undefined ? undefined : digestOf(backingFile);
  return { id: path, path, sizeBytes, ...(image === undefined ? {} : { image }) };
};

/** QEMU counts in sectors. */
const wholeSectors = (bytes: number): number => Math.ceil(bytes / 512) * 512;

/** Makes a disk, or takes over the one that this deployment has under that name: grown, or made anew if it starts from another image. */
export async function createDisk(virsh: Virsh, spec: DiskSpec, hostName: string, findImage: FindImage): Promise<DiskRecord> {
  if (spec.image !== undefined) await requireImage(spec, spec.image, findImage);
  const pool = poolOfDeployment(spec.owner, hostName);
  const fileName = `${spec.name}.qcow2`;
  const path = join(pool.directory, fileName);
  const size = wholeSectors(spec.sizeBytes);
  const xml = diskVolumeXml(fileName, size, spec.image === undefined ? undefined : imagePath(spec.image));
  return await oneAtATime(`${virsh.uri} disk ${path}`, async () => {
    if (!(await makeVolume(virsh, pool, xml))) {
      const found = await readDisk(virsh, path);
      if (found.format === "qcow2" && found.backingFile === (spec.image === undefined ? undefined : imagePath(spec.image))) {
        return found.sizeBytes === size ? toRecord(found) : await growDisk(virsh, path, size);
      }
      await requireUnused(virsh, path);
      await removePath(virsh, path);
      await makeVolume(virsh, pool, xml);
    }
    return toRecord(await readDisk(virsh, path));
  });
}

async function requireImage(spec: DiskSpec, digest: string, findImage: FindImage): Promise<void> {
  const image = await findImage(digest);
  if (!image) {
    throw failure(
      "DISK_MISSING",
      `disk "${spec.name}" starts from image ${digest}, which the host does not have`,
      "Put the image on the host first.",
    );
  }
  if (spec.sizeBytes >= image.sizeBytes) return;
  // libvirt would make it, and cut the image off.
  throw failure(
    "DISK_SMALLER_THAN_IMAGE",
    `disk "${spec.name}" of ${spec.sizeBytes} bytes cannot hold its image of ${image.sizeBytes} bytes`,
    `Give it at least ${image.sizeBytes} bytes.`,
  );
}

/** What a sandbox boots from, or keeps its data on, is not made anew under it. */
async function requireUnused(virsh: Virsh, path: string): Promise<void> {
  const user = (await listDomains(virsh)).find(({ disks }) => disks.some(({ file }) => file === path));
  if (user)
    throw failure(
      "DISK_IN_USE",
      `disk ${path} starts from something else, and sandbox "${user.name}" has it`,
      "Remove that sandbox first.",
    );
}

/** Makes a disk larger, in the running guest if there is one. */
export async function growDisk(virsh: Virsh, path: string, sizeBytes: number): Promise<DiskRecord> {
  const size = wholeSectors(sizeBytes);
  const found = await readDisk(virsh, path);
  if (found.sizeBytes === size) return toRecord(found);
  // Never left to libvirt: `blockresize` shrinks without a word.
  if (size < found.sizeBytes) {
    throw failure(
      "OUT_OF_RANGE",
      `disk ${path} has ${found.sizeBytes} bytes and cannot shrink to ${sizeBytes}`,
      `Ask for at least ${found.sizeBytes} bytes.`,
    );
  }
  await resize(virsh, path, size);
  return toRecord(await readDisk(virsh, path));
}

async function resize(virsh: Virsh, path: string, size: number, attempt = 1): Promise<void> {
  const domains = await listDomains(virsh);
  const user = domains.find(({ state, disks }) => (state === "running" || state === "paused") && disks.some(({ file }) => file === path));
  try {
    if (user) await virsh.run(["blockresize", user.id, path, `${size}B`]);
    else await virsh.run(["vol-resize", `--vol=${path}`, `--capacity=${size}B`]);
  } catch (error) {
    // It was stopped or started just now: the other way is the right one.
    if (attempt === 2 || !hasCode(error, user ? "OBJECT_ALREADY_SO" : "DISK_IN_USE")) throw error;
    await resize(virsh, path, size, attempt + 1);
  }
}

export async function listDisks(virsh: Virsh, ids: readonly string[]): Promise<ReadonlyMap<string, DiskRecord>> {
  return new Map([...(await readVolumes(virsh, ids))].map(([path, volume]) => [path, toRecord(volume)]));
}

/** @throws DiagnosticError DISK_IN_USE while a sandbox runs on it */
export async function removeDisk(virsh: Virsh, path: string): Promise<void> {
  const running = (await virsh.run(["list", "--uuid"])).split("\n").filter((id) => id.trim() !== "");
  const [user] = (await readDomains(virsh, running, new Set())).filter(({ disks }) => disks.some(({ file }) => file === path));
  if (user) throw failure("DISK_IN_USE", `sandbox "${user.name}" runs on disk ${path}`, "Stop or remove that sandbox first.");
  await removePath(virsh, path);
}

async function readDisk(virsh: Virsh, path: string): Promise<Volume> {
  const found = (await readVolumes(virsh, [path])).get(path);
  if (found) return found;
  throw failure("OBJECT_NOT_FOUND", `the host has no disk ${path}`, "Apply again: the next plan makes it anew.");
}

function failure(code: Diagnostic["code"], summary: string, nextStep: string): DiagnosticError {
  return new DiagnosticError({ code, severity: "error", summary, nextStep });
}
