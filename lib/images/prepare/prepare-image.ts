import { link, mkdtemp, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { readHeader } from "../cache-entry.ts";
import { explainDiskFull } from "../disk-full.ts";
import { isNodeError, syncFile } from "../files.ts";
import { recognizeImage } from "../image-format.ts";
import { debugfsReader } from "../inspect/debugfs.ts";
import type { TreeReader } from "../inspect/guest-tree.ts";
import { inspectImage, type Inspection } from "../inspect/inspect-image.ts";
import { readPinnedFiles } from "../preflight/facts/pinned-files.ts";
import { requirePrograms } from "../programs.ts";
import { convert } from "../qemu-img.ts";
import { editExt4 } from "./edit-ext4.ts";
import { planPreparation, type PrepareChoices } from "./plan-preparation.ts";
import type { Preparation, UsedBase } from "./preparation.ts";

export interface PrepareOptions extends PrepareChoices {
  /** The disk of a VM that is off: raw, qcow2, VMDK or VDI. It is only read. */
  readonly path: string;
  /** Where the image is made, as qcow2. Nothing may be there. */
  readonly out: string;
  readonly signal?: AbortSignal;
}

/**
 * Makes an image from a used VM's disk: on a copy, the machine's identity is removed. Nothing is booted or mounted. A failure leaves no file.
 *
 * @returns what was done, and what was left
 * @throws DiagnosticError FILE_EXISTS, IMAGE_CANNOT_BE_PREPARED, IMAGE_IN_USE, IMAGE_DAMAGED, IMAGE_NOT_A_DISK and others for what is no standalone disk, TOOL_MISSING, DISK_FULL
 * @example await prepareImage({ path: "vm.qcow2", out: "base.qcow2" })
 */
export async function prepareImage({ path, out, signal, ...choices }: PrepareOptions): Promise<Preparation[]> {
  await requirePrograms(["qemu-img", "sfdisk", "blkid", "debugfs", "e2fsck"], "preparing an image");
  const recognized = recognizeImage(await readHeader(path), path);
  if (recognized.kind === "refused") throw new DiagnosticError(recognized.diagnostic);
  if (recognized.kind === "compressed") throw cannot(path, `it is packed with ${recognized.compression}`, "Unpack it first.");
  // Beside the result: the same file system has room for both, or for none.
  const work = await makeWork(out);
  try {
    const raw = join(work, "disk");
    await convert(path, recognized.format, raw, "raw", signal);
    const found = await inspectImage({ path: raw, format: "raw", signal });
    if (!found.seen) throw cannot(path, found.why, inTheVm);
    if (!/^ext[234]$/.test(found.root.content ?? ""))
      throw cannot(path, `its root file system is ${found.root.content}, not ext4`, inTheVm);
    const { offset } = found.root;
    const reader = debugfsReader({ disk: raw, offset, work, signal });
    const preparations = planPreparation(await readUsedBase(path, found, reader), choices);
    await edit(
      path,
      preparations.flatMap(({ edits }) => edits),
      { work, disk: "disk", offset, signal },
    );
    await convert(raw, "raw", join(work, "image"), "qcow2", signal);
    await syncFile(join(work, "image"));
    // link, not rename: what somebody has put there meanwhile stays.
    await link(join(work, "image"), out);
    await syncFile(dirname(out));
    return preparations;
  } catch (error) {
    signal?.throwIfAborted();
    throw isNodeError(error, "EEXIST") ? exists(out) : explainDiskFull(error, dirname(out));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const inTheVm =
  "Do it in the VM, then shut it down and take its disk: `cloud-init clean --logs`, `truncate -s 0 /etc/machine-id`, `rm -f /etc/ssh/ssh_host_*`, and remove network files and udev rules that name a MAC.";

async function makeWork(out: string): Promise<string> {
  try {
    return await mkdtemp(join(dirname(out), `.${basename(out)}.`));
  } catch (error) {
    if (!isNodeError(error, "ENOENT", "ENOTDIR", "EACCES", "EROFS")) throw error;
    const summary = `no file can be made in ${dirname(out)}`;
    const nextStep = "Name a file in a folder that is there and that you may write to.";
    throw new DiagnosticError({ code: "BAD_OPTION", severity: "error", summary, nextStep }, { cause: error });
  }
}

async function readUsedBase(path: string, { tree }: Extract<Inspection, { seen: true }>, reader: TreeReader): Promise<UsedBase> {
  const { "/etc/fstab": mounts = "" } = await reader.read(["/etc/fstab"]);
  const apart = /^[^#\s]\S*\s+(\/var(?:\/lib(?:\/cloud)?)?|\/etc)\s/m.exec(mounts)?.[1];
  if (apart !== undefined) throw cannot(path, `its ${apart} is a file system of its own`, inTheVm);
  const { "/var/lib/dbus": dbus = [] } = await reader.list(["/var/lib/dbus"]);
  return {
    texts: tree.texts,
    sshFiles: (tree.directories["/etc/ssh"] ?? []).filter(({ kind }) => kind === "file").map(({ name }) => name),
    cloud: await everythingBelow("/var/lib/cloud", reader),
    hasDbusMachineId: dbus.some(({ name, kind }) => name === "machine-id" && kind === "file"),
    ...readPinnedFiles(tree),
  };
}

/** One process a level. */
async function everythingBelow(directory: string, reader: TreeReader): Promise<UsedBase["cloud"]> {
  const found: UsedBase["cloud"][number][] = [];
  for (let level = [directory]; level.length > 0;) {
    const listed = await reader.list(level);
    const entries = Object.entries(listed).flatMap(([parent, names]) =>
      names.map(({ name, kind }) => ({ path: `${parent}/${name}`, isDirectory: kind === "directory" })),
    );
    found.push(...entries);
    level = entries.filter(({ isDirectory }) => isDirectory).map(({ path }) => path);
  }
  return found.reverse();
}

async function edit(path: string, ...[edits, place]: Parameters<typeof editExt4>): Promise<void> {
  try {
    await editExt4(edits, place);
  } catch (error) {
    place.signal?.throwIfAborted();
    if (isNodeError(error, "ENOSPC", "EDQUOT")) throw error;
    throw cannot(path, "its file system could not be changed", `Check it in the VM (e2fsck), or: ${inTheVm}`, error);
  }
}

function cannot(path: string, why: string, nextStep: string, cause?: unknown): DiagnosticError {
  const summary = `${path} cannot be prepared: ${why}`;
  const detail = cause instanceof Error ? cause.message : undefined;
  return new DiagnosticError({ code: "IMAGE_CANNOT_BE_PREPARED", severity: "error", summary, detail, nextStep }, { cause });
}

function exists(out: string): DiagnosticError {
  const nextStep = "Name another file, or remove that one.";
  return new DiagnosticError({ code: "FILE_EXISTS", severity: "error", summary: `${out} is already there`, nextStep });
}
