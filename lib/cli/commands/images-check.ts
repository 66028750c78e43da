import { resolve } from "node:path";
import { cacheDirectory } from "../../deploy/cache-directory.ts";
import { openLab, type OpenedLab } from "../../deploy/open-lab.ts";
import { absoluteSource } from "../../deploy/put-images-in-place.ts";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { catalogImage } from "../../images/catalog.ts";
import { checkImage, type CheckedImage } from "../../images/check-image.ts";
import { fetchImage, identifyImage } from "../../images/fetch-image.ts";
import { findPlacedImage } from "../../images/placed-images.ts";
import type { ImageSource } from "../../images/image-source.ts";
import { judgeBase } from "../../images/preflight/checks.ts";
import type { Finding, Purpose } from "../../images/preflight/finding.ts";
import { withKernelFor } from "../../lab/bootstrap-kernel.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { labFile, openLabOptions } from "../lab-options.ts";
import { pausableProgress } from "../output/pausable-progress.ts";
import { renderFindings } from "../output/findings.ts";
import { isFile } from "../is-file.ts";

interface Options extends CommonOptions {
  readonly hypervisor?: string;
}

/** `terrarium images check IMAGE`: a file, a name of the lab, or a name of the catalogue. */
export async function run(context: CommandContext, [image = ""]: readonly string[], options: Options): Promise<CommandResult> {
  const path = resolve(context.cwd, image);
  const isPath = await isFile(path);
  const hasLab = await isFile(resolve(context.cwd, labFile(options)));
  const opened = !isPath && (hasLab || options.file !== undefined) ? await openLab(openLabOptions(context, options)) : undefined;
  const hypervisor = hypervisorOf(options, opened);
  const source = isPath ? ({ kind: "path", path } as const) : withKernelFor(hypervisor, sourceOf(image, opened));
  const progress = pausableProgress(context);
  let checked: CheckedImage;
  try {
    checked = await look(source, opened?.lab.images[image]?.digest, context, (event) =>
      progress.show({ kind: "image", image, progress: event }),
    );
  } finally {
    progress.end();
  }
  if (!checked.seen) {
    const text = `could not look inside: ${checked.why}\n  → ${checked.nextStep}\n`;
    return { exitCode: exitCodes.done, text, document: { ok: true, image, ...checked } };
  }
  const findings = judgeBase(checked.base, { hypervisor, seeds: ["nocloud", "configdrive"] });
  const ok = findings.every(({ verdict }: Finding) => verdict !== "cannot");
  return {
    exitCode: ok ? exitCodes.done : exitCodes.error,
    text: renderFindings(findings, context.stdout.columns),
    document: { ok, image, seen: true, hypervisor, findings },
  };
}

async function look(
  source: ImageSource,
  recorded: string | undefined,
  { env }: CommandContext,
  onProgress: Parameters<typeof fetchImage>[1]["onProgress"],
): Promise<CheckedImage> {
  const options = { cacheDirectory: cacheDirectory(env), onProgress, digest: recorded };
  const digest = await identifyImage(source, options);
  if (source.kind === "path") return await checkImage(source.path, digest, options);
  const placed = await findPlacedImage(digest);
  return await checkImage(placed?.path ?? (await fetchImage(source, options)).path, digest, options);
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

function hypervisorOf({ hypervisor }: Options, opened: OpenedLab | undefined): Purpose["hypervisor"] {
  if (hypervisor === undefined) return opened?.lab.hypervisor ?? "kvm";
  if (hypervisor === "kvm" || hypervisor === "virtualbox") return hypervisor;
  throw new DiagnosticError({
    code: "BAD_OPTION",
    severity: "error",
    summary: `expected --hypervisor kvm or virtualbox, got ${JSON.stringify(hypervisor)}`,
    nextStep: "Write one of the two, or leave it out.",
  });
}
