import { basename } from "node:path";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { ImageRecord } from "../provisioning.ts";
import { disksFromImageHere, findImageHere, placeImageHere, removeImageHere } from "./images-here.ts";
import { digestOf, imagePath, imagesDirectory } from "./image-path.ts";
import { listDomains } from "./list-domains.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { readVolumes } from "./read-volumes.ts";
import { listPools, listVolumes, removePool, removeVolume } from "./storage.ts";
import { hasImage, uploadImage } from "./upload-image.ts";
import type { Virsh } from "./virsh.ts";

/**
 * True if the host's fixed directory of images is this machine's, and ours to write: then images go there as files, beside libvirt. A pool on it would
 * outlive the labs, and would keep an embedded host from ending.
 */
function sharesFileSystem({ uri }: Virsh): boolean {
  return uri.startsWith("qemu:///") && process.getuid?.() === 0;
}

export async function findImage(virsh: Virsh, digest: string): Promise<ImageRecord | undefined> {
  if (sharesFileSystem(virsh)) return await findImageHere(digest);
  const target = { directory: imagesDirectory, fileName: basename(imagePath(digest)) };
  if (!(await listPools(virsh)).some(({ path }) => path === imagesDirectory) || !(await hasImage(virsh, target))) return undefined;
  const volume = (await readVolumes(virsh, [imagePath(digest)])).get(imagePath(digest));
  return volume && { digest, path: volume.path, sizeBytes: volume.sizeBytes };
}

export async function placeImage(virsh: Virsh, file: string, digest: string): Promise<ImageRecord> {
  return await oneAtATime(`${virsh.uri} image ${digest}`, async () => {
    const found = await findImage(virsh, digest);
    if (found) return found;
    if (sharesFileSystem(virsh)) return await placeImageHere(file, digest);
    await uploadImage(virsh, file, { directory: imagesDirectory, fileName: basename(imagePath(digest)) });
    const placed = await findImage(virsh, digest);
    if (!placed) throw new Error(`Image ${digest} was removed by somebody while it was being put on the host`);
    return placed;
  });
}

/** @throws DiagnosticError IMAGE_IN_USE */
export async function removeImage(virsh: Virsh, digest: string): Promise<void> {
  await oneAtATime(`${virsh.uri} image ${digest}`, async () => {
    const users = await usersOf(virsh, digest);
    if (users.length > 0) {
      throw new DiagnosticError({
        code: "IMAGE_IN_USE",
        severity: "error",
        summary: `image ${digest} is what ${users.length === 1 ? "a disk starts" : `${users.length} disks start`} from: ${users.slice(0, 3).join(", ")}`,
        nextStep: "Destroy the labs with these disks first.",
      });
    }
    if (sharesFileSystem(virsh)) return await removeImageHere(digest);
    const pool = (await listPools(virsh)).find(({ path }) => path === imagesDirectory)?.name;
    if (pool === undefined) return;
    // The mark first: what is left of an image without one counts as none.
    await removeVolume(virsh, pool, `${basename(imagePath(digest))}.complete`);
    await removeVolume(virsh, pool, basename(imagePath(digest)));
    if ((await listVolumes(virsh, pool)).length === 0) await removePool(virsh, pool, true);
  });
}

/** Disks of any deployment that start from an image. */
async function usersOf(virsh: Virsh, digest: string): Promise<string[]> {
  const domains = await listDomains(virsh);
  const attached = domains.flatMap(({ disks }) =>
    disks.flatMap(({ file, kind }) => (file === undefined || kind === "cdrom" ? [] : [file])),
  );
  if (sharesFileSystem(virsh)) return await disksFromImageHere(digest, attached);
  const paths = new Set(attached);
  for (const { name, path } of await listPools(virsh)) {
    if (path === imagesDirectory) continue;
    for (const volume of await listVolumes(virsh, name)) paths.add(volume.path);
  }
  const volumes = await readVolumes(virsh, [...paths]);
  return [...volumes.values()]
    .filter(({ backingFile }) => backingFile !== undefined && digestOf(backingFile) === digest)
    .map(({ path }) => path);
}
