import { access } from "node:fs/promises";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { cachePaths } from "../images/cache-entry.ts";
import { checkImage } from "../images/check-image.ts";
import { findPlacedImage } from "../images/placed-images.ts";
import { judgeBase } from "../images/preflight/checks.ts";
import type { SeedKind } from "../images/preflight/finding.ts";
import type { Lab, LabImage, LabSandbox } from "../lab/lab.ts";
import { absoluteSource } from "./put-images-in-place.ts";
import { targetedSandboxes } from "./targeted-lab.ts";

export interface CheckImagesOptions {
  /** Folder that relative image paths start from: the lab file's. */
  readonly labDirectory: string;
  readonly cacheDirectory: string;
  /** `TERRARIUM_SKIP_IMAGE_CHECK=1` leaves it out: for an image that we judge wrongly. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** What is out there: a sandbox that runs on an image already needs no check of it. */
  readonly applied?: Lab;
  /** Only these. @default - all */
  readonly targets?: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * Looks into the images that new sandboxes with a seed are to start from, as far as they are on this machine, and reports what cannot work. What cannot be
 * looked into stops nothing.
 */
export async function checkLabImages(lab: Lab, options: CheckImagesOptions): Promise<Diagnostic[]> {
  if (options.env["TERRARIUM_SKIP_IMAGE_CHECK"]) return [];
  const seedsOf = new Map<string, Set<SeedKind>>();
  for (const sandbox of newSandboxes(lab, options)) {
    if (sandbox.seed === "none") continue;
    seedsOf.set(sandbox.image, (seedsOf.get(sandbox.image) ?? new Set()).add(sandbox.seed));
  }
  const found: Diagnostic[] = [];
  for (const [name, seeds] of seedsOf) {
    const image = lab.images[name];
    const file = image && (await fileOf(image, options));
    if (!image || file === undefined) continue;
    // Each kind of seed by itself: an image that reads one of them is no help to a sandbox with the other.
    for (const seed of seeds) found.push(...(await judge({ name, file, digest: image.digest, seed }, lab, options)));
  }
  return found;
}

interface Judged {
  readonly name: string;
  readonly file: string;
  readonly digest: string;
  readonly seed: SeedKind;
}

async function judge({ name, file, digest, seed }: Judged, lab: Lab, options: CheckImagesOptions): Promise<Diagnostic[]> {
  try {
    const checked = await checkImage(file, digest, options);
    if (!checked.seen) return [];
    return judgeBase(checked.base, { hypervisor: lab.hypervisor, seeds: [seed] }).flatMap((finding): Diagnostic[] =>
      finding.verdict === "cannot"
        ? [
            {
              code: "IMAGE_CANNOT_WORK",
              severity: "error",
              path: ["images", name],
              summary: `image "${name}" cannot work: ${finding.why} (${finding.check}: ${finding.found})`,
              nextStep: finding.nextStep,
            },
          ]
        : [],
    );
  } catch (error) {
    // A file in use or damaged is told by whoever needs it: this is but a look.
    if (error instanceof DiagnosticError) return [];
    throw error;
  }
}

/** Sandboxes that do not run on this very image yet. */
function newSandboxes(lab: Lab, { applied, targets }: CheckImagesOptions): LabSandbox[] {
  const meant = targets ? targetedSandboxes(lab, targets) : Object.values(lab.sandboxes);
  return meant.filter((sandbox) => {
    const before = applied?.sandboxes[sandbox.name];
    return before === undefined || applied?.images[before.image]?.digest !== lab.images[sandbox.image]?.digest;
  });
}

/** The image on this machine: in place, in the cache, or the user's own file. Undefined before it was fetched. */
async function fileOf({ digest, source }: LabImage, { cacheDirectory, labDirectory }: CheckImagesOptions): Promise<string | undefined> {
  const placed = await findPlacedImage(digest);
  if (placed) return placed.path;
  const own = absoluteSource(source, labDirectory);
  const files = [cachePaths(cacheDirectory, digest).image, ...(own.kind === "path" ? [own.path] : [])];
  for (const file of files) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return undefined;
}
