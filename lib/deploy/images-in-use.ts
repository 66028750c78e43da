import { readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Hypervisor } from "../hypervisor/hypervisor.ts";
import { runProgram } from "../hypervisor/program.ts";
import { isNeeded } from "../images/image-need.ts";
import { listPlacedImages, type PlacedImage } from "../images/placed-images.ts";
import { isMissing } from "./files.ts";

/** An image of this machine, and the disks that start from it. */
export interface ImageUse extends PlacedImage {
  readonly usedBy: readonly string[];
  /** Placed or asked for within the last hour: an apply may be about to make its first disk. */
  readonly neededLately: boolean;
}

export interface ImageUseOptions {
  /** Hosts whose sandboxes' disks are looked at, beside all pools on this machine. */
  readonly hosts: readonly { readonly hypervisor: Pick<Hypervisor, "listSandboxes"> }[];
  /** @default "/var/lib/terrarium/images" */
  readonly imagesDirectory?: string;
  /** @default "/var/lib/terrarium/pools": disks also of hosts that are down */
  readonly poolsDirectory?: string;
}

/**
 * Says of each image on this machine which disks need it, directly or through other disks.
 *
 * @throws DiagnosticError if a disk cannot be looked into: then nobody knows what it needs
 */
export async function listImageUse({
  hosts,
  imagesDirectory,
  poolsDirectory = "/var/lib/terrarium/pools",
}: ImageUseOptions): Promise<ImageUse[]> {
  const images = await listPlacedImages({ imagesDirectory });
  const disks = new Set(await filesBelow(poolsDirectory));
  for (const { hypervisor } of hosts) {
    for (const sandbox of await hypervisor.listSandboxes())
      for (const { file, kind } of sandbox.disks) if (file !== undefined && kind === "disk") disks.add(file);
  }
  const uses = new Map(images.map(({ path }) => [path, new Set<string>()]));
  const backing = new Map<string, Promise<string | undefined>>();
  for (const disk of disks) {
    const seen = new Set<string>();
    for (let file: string | undefined = disk; file !== undefined && !seen.has(file); file = await backing.get(file)) {
      seen.add(file);
      uses.get(file)?.add(disk);
      if (!backing.has(file)) backing.set(file, readBackingFile(file));
    }
  }
  return await Promise.all(
    images.map(async (image) => ({
      ...image,
      usedBy: [...(uses.get(image.path) ?? [])].sort(),
      neededLately: await isNeeded(image.path),
    })),
  );
}

/** The file that a disk starts from; undefined if none, or if the disk itself is not there any more. */
async function readBackingFile(file: string): Promise<string | undefined> {
  // -U: the disk of a running sandbox is locked; its header does not change.
  const { exitCode, stdout, stderr, missing } = await runProgram("qemu-img", ["info", "-U", "--output=json", file]);
  if (missing)
    throw failure("TOOL_MISSING", "qemu-img is needed to see what disks start from", "Install it: apt-get install qemu-utils", "");
  if (exitCode !== 0) {
    if (/No such file or directory/.test(stderr)) return undefined;
    throw failure(
      "IMAGE_DAMAGED",
      `${file} cannot be read, so nobody knows which image it needs`,
      "Repair or remove that disk, then repeat.",
      stderr,
    );
  }
  const info = JSON.parse(stdout) as { readonly "full-backing-filename"?: string; readonly "backing-filename"?: string };
  const name = info["full-backing-filename"] ?? info["backing-filename"];
  return name === undefined ? undefined : resolve(dirname(file), name);
}

function failure(code: "TOOL_MISSING" | "IMAGE_DAMAGED", summary: string, nextStep: string, detail: string): DiagnosticError {
  return new DiagnosticError({ code, severity: "error", summary, nextStep, ...(detail === "" ? {} : { detail: detail.trim() }) });
}

async function filesBelow(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true, recursive: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
