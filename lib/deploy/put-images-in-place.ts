import { isAbsolute, resolve } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Hypervisor } from "../hypervisor/hypervisor.ts";
import type { Provisioning } from "../hypervisor/provisioning.ts";
import { ensureImage } from "../images/ensure-image.ts";
import { fetchImage, type FetchOptions } from "../images/fetch-image.ts";
import { imagesDirectory } from "../images/placed-images.ts";
import type { ImageSource, Lab } from "../lab/lab.ts";
import type { DeployHost } from "./hosts.ts";
import type { OnProgress } from "./progress.ts";

export interface ImageOptions {
  /** Folder that relative image paths start from: the lab file's. */
  readonly labDirectory: string;
  /** Where downloads and built images are kept. */
  readonly cacheDirectory: string;
  readonly signal?: AbortSignal;
}

/** Makes sure that every host has a verified copy of each image that its sandboxes start from. */
export async function putImagesInPlace(
  lab: Lab,
  hosts: readonly DeployHost[],
  options: ImageOptions & { readonly onProgress?: OnProgress },
): Promise<void> {
  for (const host of hosts) {
    const names = new Set(
      Object.values(lab.sandboxes)
        .filter((sandbox) => sandbox.host === host.name)
        .map((sandbox) => sandbox.image),
    );
    for (const name of names) {
      const image = lab.images[name];
      if (!image) continue;
      const source = absoluteSource(image.source, options.labDirectory);
      await host.placeImage(image.digest, source, {
        cacheDirectory: options.cacheDirectory,
        signal: options.signal,
        onProgress: (progress) => options.onProgress?.({ kind: "image", image: name, progress }),
      });
    }
  }
}

/** Places an image on this machine, for hosts that share its file system. */
export async function placeImageHere(digest: string, source: ImageSource, options: FetchOptions): Promise<void> {
  const placed = await ensureImage(source, { ...options, digest });
  requireDigest(digest, placed.digest, source);
}

/** Brings an image to a host through libvirt's storage API. */
export function uploadImageThere(hypervisor: Hypervisor): typeof placeImageHere {
  return async (digest, source, options) => {
    const target = { directory: imagesDirectory, fileName: `${digest}.qcow2` };
    if (await hypervisor.hasImage(target)) return;
    const fetched = await fetchImage(source, { ...options, digest });
    requireDigest(digest, fetched.digest, source);
    options.onProgress?.({ phase: "placing" });
    await hypervisor.uploadImage(fetched.path, target);
  };
}

/** Makes an image the hypervisor's own: a copy in its format, that disks start from. */
export function importImage(hypervisor: Pick<Provisioning, "findImage" | "placeImage">): typeof placeImageHere {
  return async (digest, source, options) => {
    if (await hypervisor.findImage(digest)) return;
    const fetched = await fetchImage(source, options);
    requireDigest(digest, fetched.digest, source);
    options.onProgress?.({ phase: "placing" });
    await hypervisor.placeImage(fetched.path, digest);
  };
}

/** The lab was planned for one content; another must not take its name. */
function requireDigest(expected: string, found: string, source: ImageSource): void {
  if (expected === found) return;
  throw new DiagnosticError({
    code: "IMAGE_CHECKSUM_MISMATCH",
    severity: "error",
    summary: `${source.kind === "path" ? source.path : "the image"} has SHA-256 ${found}, and the lab expects ${expected}`,
    nextStep: "If the new content is wanted, put its checksum into the lab (or run `terrarium lock`) and plan again.",
  });
}

/** A source whose path starts at the lab file's folder, from wherever we run. */
export function absoluteSource(source: ImageSource, directory: string): ImageSource {
  return source.kind === "path" && !isAbsolute(source.path) ? { ...source, path: resolve(directory, source.path) } : source;
}
