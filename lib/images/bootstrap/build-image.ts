import { access } from "node:fs/promises";
import { join } from "node:path";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { bootstrapRecipe, recipeDigest, type BootstrapRecipe } from "../bootstrap-recipe.ts";
import { diskFull, requireSpace } from "../disk-full.ts";
import type { BootstrapSource } from "../image-source.ts";
import type { OnImageProgress } from "../progress.ts";
import { inPrivateNamespace, lastWords, requirePrograms, run } from "../programs.ts";
import { convertToQcow2 } from "../qemu-img.ts";
import { mirrorSources, sourceLine, sourcesOfSuite, type AptSource } from "./apt-sources.ts";
import { bootRecordFile, makeDisk } from "./disk.ts";
import { machineAptOptions, machineSources } from "./machine-apt.ts";
import { imagePackages } from "./packages.ts";
import { finishRootFileSystem } from "./root-file-system.ts";

interface BuildOptions {
  readonly onProgress?: OnImageProgress;
  readonly signal?: AbortSignal;
}

/**
 * Builds a cloud image from a distribution's packages: about one minute. Needs root and a few tools; leaves nothing but its files in `work`,
 * also when it is killed. facts/test-bench.md.
 *
 * @returns the path of a qcow2 file inside `work`
 * @throws DiagnosticError ROOT_NEEDED, TOOL_MISSING, IMAGE_BOOTSTRAP_FAILED, DISK_FULL
 */
export async function buildBootstrapImage(source: BootstrapSource, work: string, { onProgress, signal }: BuildOptions): Promise<string> {
  const recipe = bootstrapRecipe(source);
  await requireBuilder(recipe);
  // The tree, the sparse disk and the image beside each other; far more than a small image takes, far less than a full disk.
  await requireSpace(work, 3 * 1024 ** 3);
  const step = (text: string): void => onProgress?.({ phase: "bootstrapping", step: text });
  const root = join(work, "root");
  const disk = join(work, "disk.raw");
  const image = join(work, "image.qcow2");

  try {
    step(`${recipe.distribution} ${recipe.suite}: choosing packages`);
    const own = recipe.mirror === null ? sourcesOfSuite(await machineSources(), recipe.suite) : [];
    const sources = own.length > 0 ? own : mirrorSources(recipe);
    await debootstrap(recipe, { root, sources }, step, signal);
    step("preparing the file system");
    await finishRootFileSystem(root, recipe, sources);
    step("making the disk bootable");
    await makeDisk(root, disk, work, recipeDigest(recipe), signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw explain(error, recipe, work);
  }
  step("writing the image");
  await convertToQcow2(disk, "raw", image, signal);
  return image;
}

async function debootstrap(
  recipe: BootstrapRecipe,
  { root, sources }: { readonly root: string; readonly sources: readonly AptSource[] },
  step: (text: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const options = (await machineAptOptions()).map((option) => `--aptopt=${option}`);
  const include = imagePackages(recipe).map((name) => `--include=${name}`);
  const arch = `--architectures=${recipe.architecture}`;
  const command = [
    "mmdebstrap",
    "--mode=root",
    "--variant=minbase",
    "--format=directory",
    arch,
    ...options,
    ...include,
    recipe.suite,
    root,
  ];
  const [program, args] = inPrivateNamespace([...command, ...sources.map(sourceLine)]);
  // Everything that is killed dies with its namespace. detached: Ctrl-C reaches us, and we end it.
  const running = run(program, args, {
    cancelSignal: signal,
    killSignal: "SIGKILL",
    detached: true,
    env: { DEBIAN_FRONTEND: "noninteractive" },
  });
  running.stderr?.on("data", (chunk: Buffer) => {
    for (const [, text = ""] of chunk.toString().matchAll(/^I: (.+)$/gm)) if (isStep(text)) step(text);
  });
  await running;
}

/** The lines of mmdebstrap that tell what it does now, of those that tell what it thought. */
function isStep(line: string): boolean {
  return /^(running|downloading|extracting|installing|cleaning)\b/.test(line);
}

async function requireBuilder({ distribution }: BootstrapRecipe): Promise<void> {
  await requirePrograms(
    ["mmdebstrap", "extlinux", "sfdisk", "mke2fs", "qemu-img", "setpriv", "unshare", "mount"],
    "building an image from packages",
  );
  if (process.getuid?.() !== 0) {
    throw new DiagnosticError({
      code: "ROOT_NEEDED",
      severity: "error",
      summary: "building an image from packages needs root, because it installs them into a directory",
      nextStep: "Run the same command with sudo, or name an image by path or url.",
    });
  }
  if (process.arch !== "x64") {
    throw new DiagnosticError({
      code: "IMAGE_BOOTSTRAP_FAILED",
      severity: "error",
      summary: `images are built from packages on amd64 machines only; this one is ${process.arch}`,
      nextStep: "Name a ready image by path or url.",
    });
  }
  if (distribution === "ubuntu") {
    const install =
      "apt-get install -y --no-install-recommends ubuntu-keyring (Debian 12 has no such package: name a ready image by url there)";
    await requireFile("/usr/share/keyrings/ubuntu-archive-keyring.gpg", install);
  } else {
    await requireFile(
      "/usr/share/keyrings/debian-archive-keyring.gpg",
      "apt-get install -y --no-install-recommends debian-archive-keyring",
    );
  }
  await requireFile(bootRecordFile, "apt-get install -y --no-install-recommends extlinux");
}

async function requireFile(path: string, nextStep: string): Promise<void> {
  try {
    await access(path);
  } catch (cause) {
    throw new DiagnosticError(
      {
        code: "TOOL_MISSING",
        severity: "error",
        summary: `building an image from packages needs ${path}, which is not there`,
        nextStep,
      },
      { cause },
    );
  }
}

function explain(error: unknown, { distribution, suite }: BootstrapRecipe, work: string): unknown {
  if (error instanceof DiagnosticError) return error;
  const said = lastWords(error, 20) ?? String(error);
  if (/No space left on device|Disk quota exceeded|ENOSPC/.test(said)) return diskFull(work, undefined, error);
  return new DiagnosticError(
    {
      code: "IMAGE_BOOTSTRAP_FAILED",
      severity: "error",
      summary: `cannot build the ${distribution} ${suite} image from its packages`,
      detail: said,
      nextStep: /Unable to locate package|has no installation candidate/.test(said)
        ? "Correct the package's name in the image's packages."
        : "Check that apt-get update works on this machine, or give the image a mirror.",
    },
    { cause: error },
  );
}
