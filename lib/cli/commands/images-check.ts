import { cacheDirectory } from "../../deploy/cache-directory.ts";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { checkImage, type CheckedImage } from "../../images/check-image.ts";
import { judgeBase } from "../../images/preflight/checks.ts";
import type { CheckName, Finding, Purpose } from "../../images/preflight/finding.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { fileOfImage, namedImage } from "../image-argument.ts";
import { pausableProgress } from "../output/pausable-progress.ts";
import { renderFindings } from "../output/findings.ts";

interface Options extends CommonOptions {
  readonly hypervisor?: string;
}

/** `terrarium images check IMAGE`: a file, a name of the lab, or a name of the catalogue. */
export async function run(context: CommandContext, [image = ""]: readonly string[], options: Options): Promise<CommandResult> {
  const named = await namedImage(context, image, options, askedHypervisor(options));
  const hypervisor = named.hypervisor ?? askedHypervisor(options) ?? "kvm";
  const progress = pausableProgress(context);
  let checked: CheckedImage;
  try {
    const { path, digest } = await fileOfImage(named, context, (event) => progress.show({ kind: "image", image, progress: event }));
    checked = await checkImage(path, digest, { cacheDirectory: cacheDirectory(context.env) });
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
    text: `${renderFindings(findings, context.stdout.columns)}${hintOf(image, findings)}`,
    document: { ok, image, seen: true, hypervisor, findings },
  };
}

/** What `images prepare` removes for good: a sandbox without a seed is cured of nothing. */
const former: readonly CheckName[] = ["instance-id", "machine-id", "host-keys", "mac-addresses", "udev-rules"];

function hintOf(image: string, findings: readonly Finding[]): string {
  const isUsed = findings.some(({ check, verdict }) => former.includes(check) && verdict !== "fine");
  return isUsed ? `→ terrarium images prepare ${image} --out FILE makes an image without what a former machine has left\n` : "";
}

function askedHypervisor({ hypervisor }: Options): Purpose["hypervisor"] | undefined {
  if (hypervisor === undefined || hypervisor === "kvm" || hypervisor === "virtualbox") return hypervisor;
  throw new DiagnosticError({
    code: "BAD_OPTION",
    severity: "error",
    summary: `expected --hypervisor kvm or virtualbox, got ${JSON.stringify(hypervisor)}`,
    nextStep: "Write one of the two, or leave it out.",
  });
}
