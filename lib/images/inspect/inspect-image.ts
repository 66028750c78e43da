import { ExecaError } from "execa";
import type { DiskFormat } from "../image-format.ts";
import { missingPrograms } from "../programs.ts";
import { debugfsReader } from "./debugfs.ts";
import { grubReader } from "./grub-fstest.ts";
import type { GuestTree, TreeReader } from "./guest-tree.ts";
import { readDisk, type Disk, type Partition } from "./partitions.ts";
import { withRawView, type RawView } from "./raw-view.ts";
import { readTree } from "./what-to-read.ts";

/** What a look into an image came to. */
export type Inspection =
  | {
      readonly seen: true;
      readonly disk: Disk;
      /** The partition with the guest's `/`. */
      readonly root: Partition;
      readonly tree: GuestTree;
    }
  | {
      readonly seen: false;
      /** Why it could not be looked into. */
      readonly why: string;
      readonly nextStep: string;
    };

export interface InspectOptions {
  /** A standalone disk image. */
  readonly path: string;
  readonly format: DiskFormat;
  readonly signal?: AbortSignal;
}

/**
 * Looks into an image: its partitions, and what its root file system holds of cloud-init, network, kernel and identity. Nothing is booted, nothing of
 * the guest is mounted. What cannot be looked into is a value, too: it never stops anything.
 *
 * @throws DiagnosticError IMAGE_IN_USE, IMAGE_DAMAGED; `signal`'s reason when aborted
 */
export async function inspectImage({ path, format, signal }: InspectOptions): Promise<Inspection> {
  const missing = await missingPrograms(["qemu-img", "sfdisk", "blkid", "debugfs"]);
  if (missing) return { seen: false, why: `${missing.programs.join(", ")} is not installed`, nextStep: missing.install };
  try {
    return await withRawView({ path, format, signal }, (view) => inspectView(view, signal));
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof ExecaError)) throw error;
    // A file system that is damaged, or made to lead readers astray.
    return { seen: false, why: `a program that reads it failed: ${error.shortMessage}`, nextStep: "It can be used all the same." };
  }
}

async function inspectView(view: RawView, signal?: AbortSignal): Promise<Inspection> {
  const disk = await readDisk(view.disk, signal);
  let closed: Inspection = nothingFound(disk);
  for (const partition of disk.partitions) {
    if (!/^(ext[234]|xfs|btrfs)$/.test(partition.content ?? "")) continue;
    const readers = await readersOf(partition, disk, view, signal);
    if ("why" in readers) {
      closed = { seen: false, ...readers };
      continue;
    }
    for (const reader of readers.all) {
      if (await isRoot(reader)) return { seen: true, disk, root: partition, tree: await readTree(reader) };
    }
  }
  return closed;
}

async function isRoot(reader: TreeReader): Promise<boolean> {
  const found = await reader.list(["/etc", "/usr"]);
  return (found["/etc"]?.length ?? 0) > 0 && found["/usr"] !== undefined;
}

type Readers = { readonly all: readonly TreeReader[] } | { readonly why: string; readonly nextStep: string };

async function readersOf(partition: Partition, disk: Disk, view: RawView, signal?: AbortSignal): Promise<Readers> {
  if (partition.content?.startsWith("ext")) {
    return { all: [debugfsReader({ disk: view.disk, offset: partition.offset, work: view.work, signal })] };
  }
  const missing = await missingPrograms(["grub-fstest"]);
  if (missing) return { why: `it has ${partition.content} file systems, and grub-fstest is not installed`, nextStep: missing.install };
  const kind = { gpt: `,gpt${partition.number}`, mbr: `,msdos${partition.number}`, none: "" }[disk.table];
  // Where distributions put `/` in btrfs: nowhere special, Ubuntu and openSUSE, Fedora.
  const roots = partition.content === "btrfs" ? ["", "/@", "/root"] : [""];
  return { all: roots.map((root) => grubReader({ disk: view.disk, device: `(loop0${kind})`, root, signal })) };
}

/** Why no root file system was found: what cannot be read, or that there is none. */
function nothingFound({ partitions }: Disk): Inspection {
  const contents = new Set(partitions.map(({ content }) => content));
  const plain = "Images whose root is ext4, XFS or btrfs in a plain partition can be checked. This one can be used all the same.";
  if (contents.has("LVM2_member")) return { seen: false, why: "it uses LVM, which is not looked into", nextStep: plain };
  if (contents.has("crypto_LUKS")) return { seen: false, why: "it is encrypted (LUKS)", nextStep: plain };
  const named = [...contents].filter((content) => content !== undefined).join(", ");
  return { seen: false, why: `no Linux root file system was found${named === "" ? "" : ` (only ${named})`}`, nextStep: plain };
}
