import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { hasErrors, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { locateDiagnostics } from "../labfile/locate.ts";
import { beginApplying, forgetApplied, promoteApplied } from "./applied-lab.ts";
import { removeIfAny } from "./files.ts";
import { throwIfInterrupted } from "./interrupted.ts";
import { intendedObjects, removeJournal, writeJournal } from "./journal.ts";
import type { PlannedLab } from "./plan.ts";
import { prepareSession } from "./prepare.ts";
import { settle, type Session } from "./session.ts";
import { withAffectedStopped } from "./stop-affected.ts";
import { writeSshFiles } from "./ssh-files.ts";
import { findStrangers } from "./strangers.ts";
import { worldFindings } from "./world-findings.ts";
import { labAfterTargets, labWithoutDestroyed } from "./targeted-lab.ts";

/** How an apply or destroy ended, short of an error. */
export interface Applied {
  readonly diagnostics: readonly Diagnostic[];
  /** True if it was stopped half-way, in order: running it again goes on. */
  readonly interrupted: boolean;
}

/**
 * Applies a plan that the user has agreed to.
 *
 * Order: the host is looked at once more; images and seeds; strangers are refused; what will restart is shut down; the journal is written; Terraform works; the lab is promoted and the journal
 * removed. A kill at any point leaves either the journal or nothing to do. If Terraform fails, what was shut down for it is started again.
 *
 * @throws DiagnosticError if something failed; running it again goes on from there
 */
export async function applyPlan(session: Session, planned: PlannedLab): Promise<Applied> {
  if (hasErrors(planned.diagnostics)) throw new DiagnosticError(planned.diagnostics.filter(({ severity }) => severity === "error"));
  throwIfInterrupted(session.options.interrupts);
  // Once more: a plan may be old when it is agreed to.
  const inTheWay = (await worldFindings(session)).filter(({ severity }) => severity === "error");
  if (inTheWay.length > 0) throw new DiagnosticError(locateFor(session, inTheWay));
  await prepareSession(session, planned.targets);
  const { state, lab, hosts, deployment } = session;
  const intended = intendedObjects(planned.plan, lab, deployment);
  const strangers = await findStrangers(lab, intended, hosts, deployment);
  if (strangers.length > 0) throw new DiagnosticError(strangers);
  throwIfInterrupted(session.options.interrupts);
  const after = planned.targets === undefined ? lab : labAfterTargets(lab, session.applied, planned.targets);
  await beginApplying(state, after);
  await writeJournal(state, { deployment, intended });
  const result = await withAffectedStopped(session, planned, () => runTerraform(session, planned));
  if (!result.interrupted) await promoteApplied(state);
  await writeSshFiles({ state, lab: after, hosts, env: session.options.env });
  return result;
}

/** Removes everything, or what the plan was limited to. */
export async function destroyPlanned(
  session: Session,
  planned: PlannedLab,
  { everything }: { readonly everything: boolean },
): Promise<Applied> {
  if (hasErrors(planned.diagnostics)) throw new DiagnosticError(planned.diagnostics.filter(({ severity }) => severity === "error"));
  throwIfInterrupted(session.options.interrupts);
  const logs = everything ? await consoleLogs(session) : [];
  const result = await withAffectedStopped(session, planned, () => runTerraform(session, planned));
  if (everything && !result.interrupted) {
    await removePools(session);
    await Promise.all(logs.map(removeIfAny));
    session.atEnd(() => forgetApplied(session.state));
  }
  if (!everything && !result.interrupted) {
    await beginApplying(session.state, labWithoutDestroyed(session.lab, planned.verdicts));
    await promoteApplied(session.state);
  }
  return result;
}

function locateFor({ options }: Session, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return options.locate ? locateDiagnostics(diagnostics, options.locate) : diagnostics;
}

async function runTerraform(session: Session, planned: PlannedLab): Promise<Applied> {
  const { terraform, options, state } = session;
  const outcome = await terraform.apply({
    planFile: planned.planFile,
    onEvent: (event) => options.onProgress?.({ kind: "terraform", event }),
    interrupts: options.interrupts,
  });
  // What Terraform could not finish since it was stopped is no error.
  const diagnostics = settle(session, { ...outcome, ok: outcome.ok || outcome.interrupted });
  if (!outcome.ok && !outcome.interrupted) throw new DiagnosticError(diagnostics);
  // Stopped half-way, perhaps at once: then the next run looks whether the state knows all that was made.
  if (outcome.ok) await removeJournal(state);
  return { diagnostics: [...planned.diagnostics, ...diagnostics], interrupted: outcome.interrupted && !outcome.ok };
}

/**
 * A pool of our own provider goes with its last disk, in the same step: after a kill between the two no state knows of it any more. Only empty ones are left by
 * then, since everything that the state knows is gone.
 */
async function removePools({ hosts, deployment }: Session): Promise<void> {
  for (const { hypervisor } of hosts) {
    const pools = await hypervisor.listPools();
    for (const { name } of pools.filter((pool) => pool.name.endsWith(`-${deployment}`)))
      await hypervisor.removePool(name, { volumes: true });
  }
}

/** Paths of the console logs that stay behind when their sandboxes are gone; none where the host is another machine. */
async function consoleLogs({ hosts, lab }: Session): Promise<string[]> {
  const files = hosts
    .filter(({ uri }) => uri.startsWith("qemu:///"))
    .map(async ({ hypervisor }) => {
      const sandboxes = await hypervisor.listSandboxes({ lab: lab.name });
      return await Promise.all(sandboxes.map(({ id }) => hypervisor.consoleFile(id)));
    });
  return (await Promise.all(files)).flat().filter((file) => file !== undefined);
}

/** Puts a saved plan's file where Terraform runs. */
export async function restorePlanFile(session: Session, plan: string): Promise<string> {
  const planFile = join(session.state.terraform, "plan.tfplan");
  await writeFile(planFile, Buffer.from(plan, "base64"), { mode: 0o600 });
  return planFile;
}
