import { resolve } from "node:path";
import { openLab, requireUnchangedLock, terraformJsonFor, writeLock } from "../../deploy/open-lab.ts";
import { planLab, savePlan } from "../../deploy/plan.ts";
import { withSession } from "../../deploy/session.ts";
import { hasErrors } from "../../diagnostics/diagnostic.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { colorful } from "../finish.ts";
import { listenForInterrupts } from "../interrupts.ts";
import { openLabOptions } from "../lab-options.ts";
import { renderVerdicts } from "../output/plan.ts";
import { pausableProgress } from "../output/pausable-progress.ts";

interface Options extends CommonOptions {
  readonly target?: readonly string[];
  readonly out?: string;
  readonly locked?: boolean;
  readonly detailedExitcode?: boolean;
  readonly raw?: boolean;
  readonly destroy?: boolean;
}

/** `terrarium plan [file]` */
export async function run(context: CommandContext, [file]: readonly string[], options: Options): Promise<CommandResult> {
  const opened = await openLab(openLabOptions(context, options, file));
  if (options.locked) requireUnchangedLock(opened);
  const progress = pausableProgress(context);
  const interrupts = listenForInterrupts(context.stderr);
  try {
    const { directory, locate, lab } = opened;
    const session = { directory, env: context.env, locate, interrupts, onProgress: progress.show };
    const terraformJson = await terraformJsonFor(opened);
    return await withSession(lab, terraformJson, session, async (active) => {
      const planned = await planLab(active, { targets: options.target, destroy: options.destroy });
      if (!options.locked) await writeLock(opened);
      if (options.out !== undefined) {
        await savePlan(resolve(context.cwd, options.out), planned, { lab, terraformJson, lock: JSON.stringify(opened.lock) });
      }
      progress.end();
      const changes = planned.verdicts.hasChanges;
      const text = options.raw
        ? await active.terraform.showText(planned.planFile)
        : renderVerdicts(planned.verdicts, { color: colorful(context), width: context.stdout.columns });
      return {
        // A loss that nobody has agreed to stops an apply; a plan tells it.
        exitCode: hasErrors(planned.diagnostics.filter(({ code }) => code !== "LOSS_NOT_ALLOWED"))
          ? exitCodes.error
          : options.detailedExitcode && changes
            ? exitCodes.changes
            : exitCodes.done,
        diagnostics: [...opened.diagnostics, ...planned.diagnostics],
        text,
        document: { lab: lab.name, changes, verdicts: planned.verdicts },
      };
    });
  } finally {
    progress.end();
    interrupts.end();
  }
}
