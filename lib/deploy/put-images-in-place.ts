import { isAbsolute, resolve } from "node:path";
import { ensureImage } from "../images/ensure-image.ts";
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
      const source = absolute(image.source, options.labDirectory);
      await host.placeImage(image.digest, source, {
        cacheDirectory: options.cacheDirectory,
        signal: options.signal,
        onProgress: (progress) => options.onProgress?.({ kind: "image", image: name, progress }),
      });
    }
  }
}

/** Places an image on this machine, for hosts that share its file system. */
export const placeImageHere: DeployHost["placeImage"] = async (_digest, source, options) => {
  await ensureImage(source, options);
};

function absolute(source: ImageSource, directory: string): ImageSource {
  return source.kind === "path" && !isAbsolute(source.path) ? { ...source, path: resolve(directory, source.path) } : source;
}
