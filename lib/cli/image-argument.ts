import { resolve } from "node:path";
import { cacheDirectory } from "../deploy/cache-directory.ts";
import { openLab, type OpenedLab } from "../deploy/open-lab.ts";
import { absoluteSource } from "../deploy/put-images-in-place.ts";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { catalogImage } from "../images/catalog.ts";
import { fetchImage, identifyImage, type FetchOptions } from "../images/fetch-image.ts";
import type { ImageSource } from "../images/image-source.ts";
import { findPlacedImage } from "../images/placed-images.ts";
import { withKernelFor } from "../lab/bootstrap-kernel.ts";
import type { Lab } from "../lab/lab.ts";
import type { CommandContext, CommonOptions } from "./context.ts";
import { isFile } from "./is-file.ts";
import { labFile, openLabOptions } from "./lab-options.ts";

/** An image that a command line names. */
export interface NamedImage {
  readonly source: ImageSource;
  /** The lab's, where the name was looked up in one. */
  readonly hypervisor?: Lab["hypervisor"];
  /** The digest that the lab has for it. */
  readonly recorded?: string;
}

/**
 * Finds out what IMAGE means: a file, a name of the lab, or a name of the catalogue.
 *
 * @param hypervisor what it is for, where the command line says so
 * @throws DiagnosticError NOTHING_FOUND
 */
export async function namedImage(
  context: CommandContext,
  image: string,
  options: CommonOptions,
  hypervisor?: Lab["hypervisor"],
): Promise<NamedImage> {
  const path = resolve(context.cwd, image);
  if (await isFile(path)) return { source: { kind: "path", path } };
  const hasLab = options.file !== undefined || (await isFile(resolve(context.cwd, labFile(options))));
  const opened = hasLab ? await openLab(openLabOptions(context, options)) : undefined;
  const meant = hypervisor ?? opened?.lab.hypervisor;
  const source = withKernelFor(meant ?? "kvm", sourceOf(image, opened));
  return { source, ...(meant !== undefined && { hypervisor: meant }), recorded: opened?.lab.images[image]?.digest };
}

/** The image as a file on this machine, fetched if need be, and its digest. */
export async function fileOfImage(
  { source, recorded }: NamedImage,
  { env }: CommandContext,
  onProgress: FetchOptions["onProgress"],
): Promise<{ path: string; digest: string }> {
  const options = { cacheDirectory: cacheDirectory(env), onProgress, digest: recorded };
  const digest = await identifyImage(source, options);
  if (source.kind === "path") return { path: source.path, digest };
  const placed = await findPlacedImage(digest);
  return { path: placed?.path ?? (await fetchImage(source, options)).path, digest };
}

function sourceOf(name: string, opened: OpenedLab | undefined): ImageSource {
  const declared = opened?.lab.images[name];
  const source = declared ? absoluteSource(declared.source, opened?.directory ?? "") : catalogImage(name);
  if (source) return source;
  throw new DiagnosticError({
    code: "NOTHING_FOUND",
    severity: "error",
    summary: `expected an image file, an image of the lab or one of the catalogue, got ${JSON.stringify(name)}`,
    nextStep: "Name a file (./disk.qcow2), or a name under `images:` of the lab file (-f FILE).",
  });
}
