import { withKernelFor } from "./bootstrap-kernel.ts";
import { entryOf } from "./entry-of.ts";
import { imageDigest, isSameSource } from "./image-digest.ts";
import type { ImageSource, Lab, LabImage } from "./lab.ts";
import type { LabLock } from "./lock/lab-lock.ts";
import type { Report } from "./path.ts";
import { readSize } from "./settings/read-value.ts";
import type { WrittenImage, WrittenLab } from "./written-lab.ts";

/** What was learned of an image file by reading it. */
export interface ReadImage {
  /** SHA-256 of the file, in hexadecimal. */
  readonly digest: string;
  /** Virtual size in bytes. */
  readonly size?: number;
}

/** What decides about a lab's images besides the lab's text. */
export interface ImageSurroundings {
  readonly hypervisor: Lab["hypervisor"];
  /** Files that were read just now, by name of the image. */
  readonly read?: ReadonlyMap<string, ReadImage>;
  readonly lock?: LabLock;
}

/**
 * Every declared image whose digest is known, sorted by name. A file's digest comes from its `sha256`, else from who has read the file
 * just now, else from the lock, as long as it is the same path. A bootstrapped image keeps the digest in the lock as long as it is the same recipe: a release of
 * ours that makes it otherwise must not rebuild anybody's sandboxes.
 *
 * Reports `IMAGE_DIGEST_UNKNOWN` for images in use only.
 */
export function resolveImages(
  { images = {} }: WrittenLab,
  used: ReadonlySet<string>,
  { hypervisor, read, lock }: ImageSurroundings,
  report: Report,
): Record<string, LabImage> {
  const resolved: Record<string, LabImage> = {};
  for (const [name, image] of Object.entries(images).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const declared = sourceOf(name, image, report);
    if (declared === undefined) continue;
    const source = withKernelFor(hypervisor, declared);
    const locked = entryOf(lock?.images, name);
    const fresh = read?.get(name);
    const recorded = locked && isSameSource(locked.source, source) ? locked : undefined;
    const own = source.kind === "bootstrap" ? (recorded?.digest ?? imageDigest(source)) : imageDigest(source);
    const digest = own ?? image.sha256 ?? fresh?.digest ?? recorded?.digest;
    if (digest === undefined) {
      if (used.has(name)) reportUnknown(name, source, report);
      continue;
    }
    const written = readSize(image.size, () => ["images", name, "size"], report);
    const size = written ?? fresh?.size ?? (recorded?.digest === digest ? recorded.size : undefined);
    resolved[name] = { name, source, digest, ...(size !== undefined && { size }) };
  }
  return resolved;
}

function sourceOf(name: string, { path, url, sha256, bootstrap }: WrittenImage, report: Report): ImageSource | undefined {
  const ways = [path, url, bootstrap].filter((way) => way !== undefined).length;
  if (ways === 1) {
    if (path !== undefined) return { kind: "path", path };
    if (url !== undefined && sha256 !== undefined) return { kind: "url", url, sha256 };
    if (bootstrap !== undefined) {
      const { distribution = "debian", suite, packages = [], mirror } = bootstrap;
      return { kind: "bootstrap", distribution, suite, packages, ...(mirror !== undefined && { mirror }) };
    }
  }
  report({
    code: "IMAGE_WITHOUT_SOURCE",
    severity: "error",
    path: ["images", name],
    summary: `image "${name}" says ${ways === 0 ? "nowhere" : ways === 1 ? "no checksum for" : "more than one place"} where it comes from`,
    nextStep: "Write one of `path`, `url` with `sha256`, or `bootstrap`.",
  });
  return undefined;
}

function reportUnknown(name: string, source: ImageSource, report: Report): void {
  report({
    code: "IMAGE_DIGEST_UNKNOWN",
    severity: "error",
    path: ["images", name],
    summary: `the checksum of image "${name}"${source.kind === "path" ? ` (${source.path})` : ""} is neither in the lab nor in the lock`,
    nextStep: "Run `terrarium lock`, which reads the file and records it, or add `sha256` to the image.",
  });
}
