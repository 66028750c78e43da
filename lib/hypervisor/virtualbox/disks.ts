import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createHash } from "node:crypto";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { DiskRecord, DiskSpec, ImageRecord } from "../provisioning.ts";
import { diskMark, readDiskMark, writeDiskMark } from "./disk-mark.ts";
import { removeEmpty } from "./files.ts";
import { readView, type View, type VirtualBox } from "./host.ts";
import { findImage, withImage } from "./images.ts";
import { diskPath, isInside } from "./layout.ts";
import { withLockFile } from "./lock-file.ts";
import { notFound } from "./owner.ts";
import { unlessOvertaken } from "./overtaken.ts";
import { rootMedium } from "./sandbox-record.ts";

/**
 * A disk is a VDI of our own: empty, or the difference to its image's base. Its path is its id. It is never deleted by VirtualBox together with a machine (`unregistervm --delete` would
 * delete an image with the last disk made from it), only by `removeDisk`.
 */
export async function createDisk(box: VirtualBox, spec: DiskSpec): Promise<DiskRecord> {
  const path = diskPath(box.layout, spec.owner, spec.name);
  const make = async (): Promise<DiskRecord> => {
    const found = await readDiskMark(path);
    if (found && found.image === spec.image)
      return found.sizeBytes < spec.sizeBytes ? await grow(box, found, spec.sizeBytes) : refuseSmaller(found, spec.sizeBytes);
    // Half made, or from something else: made anew, unless a sandbox has it.
    const view = await readView(box);
    refuseUsed(view, path);
    if (spec.image !== undefined) await checkImage(box, spec.image, spec.sizeBytes);
    await clear(box, view, path);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const record: DiskRecord = {
      id: path,
      path,
      sizeBytes: whole(spec.sizeBytes),
      ...(spec.image === undefined ? {} : { image: spec.image }),
    };
    if (spec.image === undefined)
      await box.vbox.run(["createmedium", "disk", "--filename", path, "--sizebyte", String(record.sizeBytes), "--format", "VDI"]);
    else await fromImage(box, spec.image, record);
    await writeDiskMark(record);
    return record;
  };
  return await withDisk(box, path, () => unlessOvertaken(make));
}

/** @throws DiagnosticError OBJECT_NOT_FOUND, OUT_OF_RANGE, CHANGE_NEEDS_STOP while its sandbox runs */
export async function growDisk(box: VirtualBox, id: string, sizeBytes: number): Promise<DiskRecord> {
  return await withDisk(box, id, async () => {
    const found = await readDiskMark(id);
    if (!found) throw notFound("disk", id);
    return found.sizeBytes < sizeBytes ? await grow(box, found, sizeBytes) : refuseSmaller(found, sizeBytes);
  });
}

export async function listDisks(ids: readonly string[]): Promise<Map<string, DiskRecord>> {
  const found = await Promise.all(ids.map(readDiskMark));
  return new Map(found.flatMap((disk) => (disk ? [[disk.id, disk]] : [])));
}

/** @throws DiagnosticError DISK_IN_USE as long as a sandbox has it */
export async function removeDisk(box: VirtualBox, id: string): Promise<void> {
  if (!isInside(id, box.layout.pools)) return;
  await withDisk(box, id, async () => {
    const view = await readView(box);
    refuseUsed(view, id);
    await rm(diskMark(id), { force: true });
    await clear(box, view, id);
    await removeEmpty(dirname(id), box.layout.pools);
  });
}

async function fromImage(box: VirtualBox, digest: string, { path, sizeBytes }: DiskRecord): Promise<void> {
  await withImage(box, digest, async () => {
    const image = await checkImage(box, digest, sizeBytes);
    await box.vbox.run(["createmedium", "disk", "--filename", path, "--diffparent", image.path, "--format", "VDI"]);
    // A difference may be larger than what it differs from.
    if (sizeBytes > image.sizeBytes) await box.vbox.run(["modifymedium", "disk", path, "--resizebyte", String(sizeBytes)]);
  });
}

async function checkImage(box: VirtualBox, digest: string, sizeBytes: number): Promise<ImageRecord> {
  const image = await findImage(box, digest);
  if (!image) throw missingImage(digest);
  if (sizeBytes < image.sizeBytes) throw tooSmall(sizeBytes, image.sizeBytes);
  return image;
}

/** A disk is used by machines that have it attached, and by differences of snapshots to it. @throws DiagnosticError DISK_IN_USE */
function refuseUsed(view: View, path: string): void {
  const ids = new Set([...view.allMedia.values()].filter(({ location }) => location === path).map(({ id }) => id));
  const machines = view.all.filter(({ attachments }) =>
    attachments.some(({ medium }) => medium !== undefined && rootMedium(view.allMedia, medium) === path),
  );
  const children = [...view.allMedia.values()].some(({ parent }) => parent !== undefined && ids.has(parent));
  if (machines.length > 0 || children)
    throw inUse(
      path,
      machines.map(({ name }) => name),
    );
}

async function grow(box: VirtualBox, disk: DiskRecord, sizeBytes: number): Promise<DiskRecord> {
  const grown = { ...disk, sizeBytes: whole(sizeBytes) };
  await box.vbox.run(["modifymedium", "disk", writtenNow(await readView(box), disk.path), "--resizebyte", String(grown.sizeBytes)]);
  await writeDiskMark(grown);
  return grown;
}

/** With snapshots a sandbox writes to a difference, and that is what has to grow. */
function writtenNow(view: View, path: string): string {
  const attached = view.all.flatMap(({ attachments }) => attachments.flatMap(({ medium }) => medium ?? []));
  return attached.find((id) => rootMedium(view.allMedia, id) === path) ?? path;
}

/** Forgets and deletes what there is under a path, also what a killed run has left there. */
async function clear(box: VirtualBox, { allMedia }: View, path: string): Promise<void> {
  const known = [...allMedia.values()].find(({ location }) => location === path);
  if (known) await box.vbox.tryRun(["closemedium", "disk", known.id], ["OBJECT_NOT_FOUND", "DISK_MISSING"]);
  await rm(path, { force: true });
  await rm(diskMark(path), { force: true });
}

/** VirtualBox takes whole sectors only. */
const whole = (bytes: number): number => Math.ceil(bytes / 512) * 512;

function withDisk<T>(box: VirtualBox, path: string, work: () => Promise<T>): Promise<T> {
  return withLockFile(join(box.layout.locks, `disk-${createHash("sha256").update(path).digest("hex").slice(0, 24)}`), work);
}

function refuseSmaller(disk: DiskRecord, sizeBytes: number): DiskRecord {
  if (whole(sizeBytes) === disk.sizeBytes) return disk;
  throw new DiagnosticError({
    code: "OUT_OF_RANGE",
    severity: "error",
    summary: `disk ${disk.id} has ${disk.sizeBytes} bytes and cannot become smaller (${sizeBytes} bytes)`,
    nextStep: "Keep its size, or make another disk.",
  });
}

function tooSmall(sizeBytes: number, imageBytes: number): DiagnosticError {
  return new DiagnosticError({
    code: "DISK_SMALLER_THAN_IMAGE",
    severity: "error",
    summary: `a disk of ${sizeBytes} bytes cannot hold its image of ${imageBytes} bytes`,
    nextStep: `Make the disk at least ${imageBytes} bytes.`,
  });
}

function missingImage(digest: string): DiagnosticError {
  return new DiagnosticError({
    code: "DISK_MISSING",
    severity: "error",
    summary: `image ${digest.slice(0, 12)} is not on this host`,
    nextStep: "Run `terrarium apply`, which puts images in place.",
  });
}

function inUse(id: string, machines: readonly string[]): DiagnosticError {
  return new DiagnosticError({
    code: "DISK_IN_USE",
    severity: "error",
    summary: `disk ${id} is in use by ${machines.join(", ") || "snapshots"}`,
    nextStep: "Take it off the sandbox first, or remove the sandbox.",
  });
}
