import type { DiskRecord, DiskSpec } from "../provisioning.ts";
import { checkBytes, failure, notFound } from "./failure.ts";
import { findImage } from "./images.ts";
import { put, type MemoryDisk, type MemoryState, type Operation, type Outcome } from "./memory-state.ts";
import { diskPath, diskRecord } from "./records.ts";

export function createDisk({ owner, name, sizeBytes, image }: DiskSpec): Operation<DiskRecord> {
  return (state) => {
    checkBytes(`size of disk ${JSON.stringify(name)}`, sizeBytes);
    const id = diskPath(owner, name);
    const found = state.disks.find((disk) => disk.id === id && !disk.unfinished);
    if (found?.image === image && found !== undefined) return grow(state, found, sizeBytes);
    if (found) refuseUsed(state, found, image);
    if (image !== undefined) {
      const source = findImage(state, image);
      if (!source)
        throw failure(
          "DISK_MISSING",
          `disk ${JSON.stringify(name)} starts from image ${image}, which is not on the host`,
          "Place the image first.",
        );
      if (sizeBytes < source.sizeBytes) {
        throw failure(
          "DISK_SMALLER_THAN_IMAGE",
          `disk ${JSON.stringify(name)} of ${sizeBytes} bytes cannot hold its image, which has ${source.sizeBytes}`,
          `Give it at least ${source.sizeBytes} bytes.`,
        );
      }
    }
    const disk: MemoryDisk = { id, owner, name, sizeBytes, ...(image === undefined ? {} : { image }) };
    return { half: write(state, { ...disk, unfinished: true }), state: write(state, disk), result: diskRecord(disk) };
  };
}

export function growDisk(id: string, sizeBytes: number): Operation<DiskRecord> {
  return (state) => {
    checkBytes(`size of disk ${JSON.stringify(id)}`, sizeBytes);
    const found = state.disks.find((disk) => disk.id === id && !disk.unfinished);
    if (!found) throw notFound("disk", id);
    return grow(state, found, sizeBytes);
  };
}

export function listDisks(state: MemoryState, ids: readonly string[]): ReadonlyMap<string, DiskRecord> {
  const wanted = new Set(ids);
  return new Map(state.disks.filter((disk) => wanted.has(disk.id) && !disk.unfinished).map((disk) => [disk.id, diskRecord(disk)]));
}

/** As on a real host, one that a sandbox has which is off can go: the sandbox does not start any more. */
export function removeDisk(id: string): Operation<void> {
  return (state) => {
    const user = state.sandboxes.find((sandbox) => sandbox.state !== "off" && sandbox.spec.disks.includes(id));
    if (user)
      throw failure("DISK_IN_USE", `sandbox ${JSON.stringify(user.spec.name)} runs on disk ${id}`, "Stop or remove that sandbox first.");
    const rest = state.disks.filter((disk) => disk.id !== id);
    return { state: rest.length === state.disks.length ? state : { ...state, disks: rest }, result: undefined };
  };
}

function grow(state: MemoryState, disk: MemoryDisk, sizeBytes: number): Outcome<DiskRecord> {
  if (sizeBytes < disk.sizeBytes) {
    throw failure(
      "OUT_OF_RANGE",
      `disk ${JSON.stringify(disk.name)} has ${disk.sizeBytes} bytes and cannot shrink to ${sizeBytes}`,
      "Ask for at least what it has, or make another disk.",
    );
  }
  if (sizeBytes === disk.sizeBytes) return { state, result: diskRecord(disk) };
  const grown = { ...disk, sizeBytes };
  return { state: write(state, grown), result: diskRecord(grown) };
}

function write(state: MemoryState, disk: MemoryDisk): MemoryState {
  return { ...state, disks: put(state.disks, disk, ({ id }) => id === disk.id) };
}

/** One that nobody has holds nothing but its image: it is made anew. One that a sandbox has may hold more. */
function refuseUsed(state: MemoryState, { id, name, image }: MemoryDisk, wanted: string | undefined): void {
  const user = state.sandboxes.find(({ spec }) => spec.disks.includes(id));
  if (!user) return;
  const say = (digest: string | undefined): string => (digest === undefined ? "is empty at first" : `starts from image ${digest}`);
  throw failure(
    "DISK_IN_USE",
    `disk ${JSON.stringify(name)} of sandbox ${JSON.stringify(user.spec.name)} ${say(image)}; asked for is one that ${say(wanted)}`,
    "Remove the sandbox and the disk, which loses its content, then repeat.",
  );
}
