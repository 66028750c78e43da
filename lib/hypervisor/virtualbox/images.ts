import { open, mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { ImageRecord } from "../provisioning.ts";
import { convertToVdi } from "./convert.ts";
import { isMissing, readIfThere, replaceFile } from "./files.ts";
import { readView, type View, type VirtualBox } from "./host.ts";
import { imageDirectory, isInside } from "./layout.ts";
import { closeMedia } from "./media.ts";
import { withLockFile } from "./lock-file.ts";
import { imageKey, readJson } from "./owner.ts";
import { disksOfImage } from "./disk-mark.ts";
import { unlessOvertaken } from "./overtaken.ts";
import { createMachine } from "./create-machine.ts";

/** What is written beside an image when it is complete. */
interface Completed {
  readonly sizeBytes: number;
}

const machineName = (digest: string): string => `terrarium-image-${digest.slice(0, 16)}`;
const baseFile = (box: VirtualBox, digest: string): string => join(imageDirectory(box.layout, digest), "base.vdi");
const markFile = (box: VirtualBox, digest: string): string => join(imageDirectory(box.layout, digest), "image.json");

/** Holds an image while something is made from it, or it is made or removed. */
export function withImage<T>(box: VirtualBox, digest: string, work: () => Promise<T>): Promise<T> {
  return withLockFile(join(box.layout.locks, `image-${digest}`), work);
}

/** The image, if it is there completely and VirtualBox knows it. */
export async function findImage(box: VirtualBox, digest: string): Promise<ImageRecord | undefined> {
  const mark = await completed(box, digest);
  if (!mark || !machineOf(await readView(box), box, digest)) return undefined;
  return { digest, path: baseFile(box, digest), sizeBytes: mark.sizeBytes };
}

/**
 * Makes a VDI of an image, and a machine that is never started, whose snapshot holds it: as long as a snapshot has it, VirtualBox deletes it with nobody's last disk. Disks of
 * sandboxes are differences to it.
 */
export async function placeImage(box: VirtualBox, file: string, digest: string): Promise<ImageRecord> {
  const make = async (): Promise<ImageRecord> => {
    const found = await findImage(box, digest);
    if (found) return found;
    await registerAgain(box, digest);
    const again = await findImage(box, digest);
    if (again) return again;
    await clear(box, digest);
    const directory = imageDirectory(box.layout, digest);
    const base = baseFile(box, digest);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await convertToVdi(box, file, base);
    await holdWithMachine(box, digest, base);
    const sizeBytes = await vdiSize(base);
    await replaceFile(markFile(box, digest), JSON.stringify({ sizeBytes } satisfies Completed));
    return { digest, path: base, sizeBytes };
  };
  return await withImage(box, digest, () => unlessOvertaken(make));
}

export async function removeImage(box: VirtualBox, digest: string): Promise<void> {
  await withImage(box, digest, async () => {
    const directory = imageDirectory(box.layout, digest);
    const media = [...(await readView(box)).allMedia.values()];
    const base = media.find(({ location }) => location === baseFile(box, digest));
    const listed = media.filter(({ parent, location }) => base !== undefined && parent === base.id && !isInside(location, directory));
    // A disk that no sandbox has may be in no registry.
    const disks = new Set([...listed.map(({ location }) => location), ...(await disksOfImage(box.layout, digest))]);
    if (disks.size > 0) throw inUse(digest, [...disks]);
    await clear(box, digest);
  });
}

async function holdWithMachine({ vbox, layout }: VirtualBox, digest: string, base: string): Promise<void> {
  const directory = imageDirectory(layout, digest);
  const id = await createMachine(vbox, { name: machineName(digest), group: "/terrarium-images", folder: directory });
  await vbox.run(["setextradata", id, imageKey, digest], { machine: id });
  await vbox.run(["storagectl", id, "--name", "SATA", "--add", "sata", "--portcount", "1"], { machine: id });
  await vbox.run(["storageattach", id, "--storagectl", "SATA", "--port", "0", "--device", "0", "--type", "hdd", "--medium", base], {
    machine: id,
  });
  await vbox.run(["snapshot", id, "take", "image"], { machine: id });
}

/** After the registry was lost (a new user, a removed configuration), the settings still know the image and all disks made from it. */
async function registerAgain(box: VirtualBox, digest: string): Promise<void> {
  if (!(await completed(box, digest))) return;
  const name = machineName(digest);
  await box.vbox.run(["registervm", join(imageDirectory(box.layout, digest), "terrarium-images", name, `${name}.vbox`)]);
}

/** Removes what there is of an image, also what a killed run has left. Never with `--delete`, which would take other files, too. */
async function clear(box: VirtualBox, digest: string): Promise<void> {
  const { vbox } = box;
  const directory = imageDirectory(box.layout, digest);
  await rm(markFile(box, digest), { force: true });
  const view = await readView(box);
  for (const { id } of [...view.all, ...view.inaccessible].filter(({ file }) => isInside(file, directory)))
    await vbox.tryRun(["unregistervm", id], ["OBJECT_NOT_FOUND", "HYPERVISOR_FAILED"], { machine: id });
  await closeMedia(box, await readView(box), directory);
  await rm(directory, { recursive: true, force: true });
}

async function completed(box: VirtualBox, digest: string): Promise<Completed | undefined> {
  const { sizeBytes } = readJson(await readIfThere(markFile(box, digest)));
  if (typeof sizeBytes !== "number") return undefined;
  try {
    await stat(baseFile(box, digest));
    return { sizeBytes };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function machineOf(view: View, box: VirtualBox, digest: string): boolean {
  return view.all.some(
    ({ file, extraData, snapshots }) =>
      isInside(file, imageDirectory(box.layout, digest)) && extraData.get(imageKey) === digest && snapshots.length > 0,
  );
}

/** What a guest sees, from the header of a VDI of version 1.1: 64 bits at 0x170. */
async function vdiSize(path: string): Promise<number> {
  const file = await open(path, "r");
  try {
    const { buffer } = await file.read(Buffer.alloc(0x180), 0, 0x180, 0);
    return Number(buffer.readBigUInt64LE(0x170));
  } finally {
    await file.close();
  }
}

function inUse(digest: string, disks: readonly string[]): DiagnosticError {
  return new DiagnosticError({
    code: "IMAGE_IN_USE",
    severity: "error",
    summary: `${disks.length} ${disks.length === 1 ? "disk starts" : "disks start"} from image ${digest.slice(0, 12)}`,
    detail: disks.join("\n"),
    nextStep: "Destroy the labs that use it first: `terrarium list` names them.",
  });
}
