import { resolve } from "node:path";
import { formerEngine } from "../../deploy/engine-change.ts";
import { openRelocated } from "../../deploy/open-relocated.ts";
import { openLab, requireUnchangedLock, terraformJsonFor, writeLock, type OpenedLab } from "../../deploy/open-lab.ts";
import { planLab, savePlan, type PlannedLab } from "../../deploy/plan.ts";
import { withSession } from "../../deploy/session.ts";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { hasErrors, type Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Lab } from "../../lab/lab.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { colorful } from "../finish.ts";
import { serveProvider } from "../serve-provider.ts";
import { withEngineChange } from "../engine-change.ts";
import { listenForInterrupts } from "../interrupts.ts";
import { openLabOptions } from "../lab-options.ts";
import { renderVerdicts } from "../output/plan.ts";
import { pausableProgress } from "../output/pausable-progress.ts";

interface Options extends CommonOptions {
  readonly target?: readonly string[];
  readonly out?: string;
  readonly locked?: boolean;
  readonly relocate?: boolean;
  readonly detailedExitcode?: boolean;
  readonly raw?: boolean;
  readonly destroy?: boolean;
}

/** `terrarium plan [file]` */
export async function run(context: CommandContext, [file]: readonly string[], options: Options): Promise<CommandResult> {
  const opened = await (options.relocate ? openRelocated : openLab)(openLabOptions(context, options, file));
  if (options.locked) requireUnchangedLock(opened);
  const progress = pausableProgress(context);
  const interrupts = listenForInterrupts(context.stderr);
  try {
    const { directory, locate, lab } = opened;
    const session = { directory, env: context.env, locate, interrupts, onProgress: progress.show, serveProvider };
    const former = await formerEngine(directory, lab);
    if (former) {
      if (options.out !== undefined) throw new DiagnosticError(notSaved(former, lab));
      return await withEngineChange(
        { former, lab },
        session,
        { targets: options.target, destroy: options.destroy },
        async ({ planned }) => {
          progress.end();
          return planResult(context, options, opened, planned);
        },
      );
    }
    const terraformJson = await terraformJsonFor(opened);
    return await withSession(lab, terraformJson, session, async (active) => {
      const planned = await planLab(active, { targets: options.target, destroy: options.destroy });
      if (!options.locked) await writeLock(opened);
      if (options.out !== undefined) {
        await savePlan(resolve(context.cwd, options.out), planned, { lab, terraformJson, lock: JSON.stringify(opened.lock) });
      }
      progress.end();
      return planResult(context, options, opened, planned, options.raw ? await active.terraform.showText(planned.planFile) : undefined);
    });
  } finally {
    progress.end();
    interrupts.end();
  }
}

/** @param text Terraform's own @default - ours */
function planResult(
  context: CommandContext,
  options: Options,
  { lab, diagnostics }: Pick<OpenedLab, "lab" | "diagnostics">,
  planned: PlannedLab,
  text = renderVerdicts(planned.verdicts, { color: colorful(context), width: context.stdout.columns }),
): CommandResult {
  const changes = planned.verdicts.hasChanges;
  return {
    // A loss that nobody has agreed to stops an apply; a plan tells it.
    exitCode: hasErrors(planned.diagnostics.filter(({ code }) => code !== "LOSS_NOT_ALLOWED"))
      ? exitCodes.error
      : options.detailedExitcode && changes
        ? exitCodes.changes
        : exitCodes.done,
    diagnostics: [...diagnostics, ...planned.diagnostics],
    text,
    document: { lab: lab.name, changes, verdicts: planned.verdicts },
  };
}

function notSaved(former: Lab, lab: Lab): Diagnostic {
  const key = former.provider === lab.provider ? "hypervisor" : "provider";
  return {
    code: key === "provider" ? "LAB_PROVIDER_CHANGED" : "LAB_HYPERVISOR_CHANGED",
    severity: "error",
    path: [key],
    summary: `the lab was applied with ${key} ${former[key]} and is now for ${lab[key]}: that takes two applies, and a saved plan is one`,
    nextStep: "Leave --out out, or destroy the lab first.",
  };
}
