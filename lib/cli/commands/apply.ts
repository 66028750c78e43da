import { resolve } from "node:path";
import { applyPlan, restorePlanFile } from "../../deploy/apply.ts";
import { formerEngine } from "../../deploy/engine-change.ts";
import { openRelocated } from "../../deploy/open-relocated.ts";
import { openLab, requireUnchangedLock, terraformJsonFor, writeLock, type OpenedLab } from "../../deploy/open-lab.ts";
import { requireKey } from "../../deploy/prepare.ts";
import { planLab, readSavedPlan, understandPlan, type PlannedLab } from "../../deploy/plan.ts";
import { withSession, type Session, type SessionOptions } from "../../deploy/session.ts";
import { targetedSandboxes } from "../../deploy/targeted-lab.ts";
import { checkNetworks } from "../../deploy/net-check.ts";
import { waitForLab } from "../../deploy/wait.ts";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { hasErrors } from "../../diagnostics/diagnostic.ts";
import { lockAfterApply } from "../../lab/lock/next-lock.ts";
import { confirm } from "../confirm.ts";
import { serveProvider } from "../serve-provider.ts";
import { withEngineChange, type EngineChange } from "../engine-change.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { colorful } from "../finish.ts";
import { listenForInterrupts, type HeardInterrupts } from "../interrupts.ts";
import { openLabOptions } from "../lab-options.ts";
import { checkText } from "../output/net.ts";
import { renderVerdicts } from "../output/plan.ts";
import { pausableProgress, type PausableProgress } from "../output/pausable-progress.ts";

interface Options extends CommonOptions {
  readonly target?: readonly string[];
  readonly plan?: string;
  readonly locked?: boolean;
  readonly relocate?: boolean;
  readonly wait?: boolean;
  readonly check?: boolean;
  readonly newKey?: boolean;
  readonly yes?: boolean;
  readonly allowLoss?: readonly string[];
}

/** `terrarium apply [file]` */
export async function run(context: CommandContext, [file]: readonly string[], options: Options): Promise<CommandResult> {
  const progress = pausableProgress(context);
  const interrupts = listenForInterrupts(context.stderr);
  try {
    const common = { env: context.env, interrupts, onProgress: progress.show, newKey: options.newKey, serveProvider };
    const work = { context, options, progress, interrupts };
    if (options.plan !== undefined) return await applySaved(resolve(context.cwd, options.plan), common, work);
    const opened = await (options.relocate ? openRelocated : openLab)(openLabOptions(context, options, file));
    if (options.locked) requireUnchangedLock(opened);
    const place = { ...common, directory: opened.directory, locate: opened.locate };
    const former = await formerEngine(opened.directory, opened.lab);
    const ended = former && (await destroyFormer({ former, lab: opened.lab }, place, work));
    if (ended) return ended;
    // Who has agreed to the change has agreed to both of its applies.
    const rest = former ? { ...work, options: { ...options, yes: true } } : work;
    return await withSession(opened.lab, await terraformJsonFor(opened), place, async (session) => {
      const planned = await planLab(session, { targets: options.target, allowLoss: options.allowLoss });
      return await applyAndWait(session, { ...planned, diagnostics: [...opened.diagnostics, ...planned.diagnostics] }, rest, opened);
    });
  } finally {
    progress.end();
    interrupts.end();
  }
}

interface Work {
  readonly context: CommandContext;
  readonly options: Options;
  readonly progress: PausableProgress;
  readonly interrupts: HeardInterrupts;
}

/**
 * The first of the two applies that another provider or hypervisor takes.
 *
 * @returns a result if the command ends with it
 */
async function destroyFormer(
  change: EngineChange,
  place: SessionOptions,
  { context, options, progress }: Work,
): Promise<CommandResult | undefined> {
  return await withEngineChange(change, place, { targets: options.target, allowLoss: options.allowLoss }, async ({ planned, destroy }) => {
    progress.pause();
    context.stderr.write(renderVerdicts(planned.verdicts, { color: colorful(context), width: context.stderr.columns }));
    if (hasErrors(planned.diagnostics)) throw new DiagnosticError(planned.diagnostics);
    await confirm(context, `Destroy lab "${change.lab.name}" and make it anew like this?`, options.yes);
    progress.resume();
    const { interrupted, diagnostics } = await destroy();
    return interrupted
      ? { exitCode: exitCodes.interrupted, diagnostics, document: { lab: change.lab.name, verdicts: planned.verdicts } }
      : undefined;
  });
}

/** A saved plan says what to do; the lab file may say something else by now. */
async function applySaved(path: string, common: Omit<SessionOptions, "directory">, work: Work): Promise<CommandResult> {
  const saved = await readSavedPlan(path);
  const directory = resolve(work.context.cwd);
  return await withSession(saved.lab, saved.terraformJson, { ...common, directory }, async (session) => {
    const planFile = await restorePlanFile(session, saved.plan);
    const planned = await understandPlan(session, planFile, { targets: saved.targets, allowLoss: work.options.allowLoss });
    return await applyAndWait(session, planned, { ...work, options: { ...work.options, yes: true } });
  });
}

async function applyAndWait(
  session: Session,
  planned: PlannedLab,
  { context, options, progress, interrupts }: Work,
  opened?: OpenedLab,
): Promise<CommandResult> {
  progress.pause();
  const changes = planned.verdicts.hasChanges;
  context.stderr.write(renderVerdicts(planned.verdicts, { color: colorful(context), width: context.stderr.columns }));
  if (hasErrors(planned.diagnostics)) throw new DiagnosticError(planned.diagnostics);
  await requireKey(session);
  if (changes) await confirm(context, `Apply this to lab "${session.lab.name}"?`, options.yes);
  progress.resume();
  // Before: a run that is killed must find the same addresses and hosts again.
  if (opened && !options.locked) await writeLock(opened);
  const applied = await applyPlan(session, planned);
  if (opened && !options.locked && options.target === undefined && !applied.interrupted) {
    await writeLock({ ...opened, lock: lockAfterApply(opened.lock, opened.lab) });
  }
  const document = { lab: session.lab.name, changes, verdicts: planned.verdicts, ready: false };
  if (applied.interrupted) return { exitCode: exitCodes.interrupted, diagnostics: applied.diagnostics, document };
  const names = planned.targets && targetedSandboxes(session.lab, planned.targets).map(({ name }) => name);
  if (options.wait === false || names?.length === 0) return { exitCode: exitCodes.done, diagnostics: applied.diagnostics, document };
  const waited = await waitForLab({ ...session, sshConfig: session.state.sshConfig }, names ?? [], {
    env: context.env,
    signal: interrupts.stop,
    onProgress: progress.show,
  });
  progress.end();
  const ready = !hasErrors(waited.diagnostics);
  const report = options.check && ready ? await checkNetworks({ ...session, sshConfig: session.state.sshConfig }, names ?? []) : undefined;
  if (report) {
    return {
      exitCode: report.failed > 0 ? exitCodes.notReady : exitCodes.done,
      diagnostics: [...applied.diagnostics, ...waited.diagnostics],
      text: `Lab "${session.lab.name}" is ready.\n${checkText(report)}`,
      document: { ...document, ready, check: report },
    };
  }
  return {
    exitCode: interrupts.stop.aborted ? exitCodes.interrupted : ready ? exitCodes.done : exitCodes.notReady,
    diagnostics: [...applied.diagnostics, ...waited.diagnostics],
    text: ready ? `Lab "${session.lab.name}" is ready.\n` : undefined,
    document: { ...document, ready },
  };
}
