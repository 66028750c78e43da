import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { address, resourceType } from "../../stacks/emit/names.ts";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { hasErrors, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { canonicalJson } from "../lab/canonical-json.ts";
import type { Lab } from "../lab/lab.ts";
import { locateDiagnostics } from "../labfile/locate.ts";
import { checkDiskSizes, checkEngine } from "../review/check-applied.ts";
import { checkLosses } from "../review/check-losses.ts";
import { verdictsOf } from "../review/verdicts-of.ts";
import type { Verdicts } from "../review/verdicts.ts";
import type { Plan } from "../terraform/plan.ts";
import { cacheDirectory } from "./cache-directory.ts";
import { checkLabImages } from "./check-images.ts";
import { readTextIfAny, writePrivate } from "./files.ts";
import { FirstPlanListener } from "./first-plan.ts";
import { targetedSandboxes } from "./targeted-lab.ts";
import { interrupted } from "./interrupted.ts";
import { worldFindings } from "./world-findings.ts";
import { writeVariables } from "./prepare.ts";
import { settle, type Session } from "./session.ts";

export interface PlanOptions {
  /** Names of sandboxes and networks; only these and what they need. @default - everything */
  readonly targets?: readonly string[];
  /** Plans to remove everything, or the targets. @default false */
  readonly destroy?: boolean;
  /** Sandboxes whose losses the user has agreed to. */
  readonly allowLoss?: readonly string[];
}

/** A plan, made and understood. */
export interface PlannedLab {
  readonly plan: Plan;
  readonly verdicts: Verdicts;
  /** Terraform's saved plan, absolute; it holds secrets: 0600. */
  readonly planFile: string;
  /** What it was limited to. @default - everything */
  readonly targets?: readonly string[];
  /** Warnings, and the losses that nobody has agreed to as errors: those stop an apply, not a plan. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Makes Terraform plan, and tells what the plan would do to each sandbox. */
export async function planLab(session: Session, options: PlanOptions = {}): Promise<PlannedLab> {
  const { terraform, state, lab } = session;
  // The lab alone decides it: no need to ask Terraform first.
  const shrinking = options.destroy ? [] : shrinkingDisks(session, options.targets);
  if (shrinking.length > 0) throw new DiagnosticError(located(session, shrinking));
  const unfit = options.destroy ? [] : await unfitImages(session, options.targets);
  if (unfit.length > 0) throw new DiagnosticError(located(session, unfit));
  const variables = await writeVariables(session);
  const looked = options.destroy ? Promise.resolve([]) : worldFindings(session);
  const planFile = join(state.terraform, "plan.tfplan");
  const listener = new FirstPlanListener();
  const [outcome, findings] = await Promise.all([
    terraform.plan({
      out: planFile,
      destroy: options.destroy,
      targets: targetAddresses(options, lab),
      onEvent: (event) => {
        listener.add(event);
        session.options.onProgress?.({ kind: "terraform", event });
      },
      interrupts: session.options.interrupts,
    }),
    looked,
  ]);
  const told = settle(session, { ...outcome, ok: outcome.ok || outcome.interrupted });
  if (!outcome.ok) throw outcome.interrupted ? interrupted() : new DiagnosticError(told);
  const first = session.isFirst
    ? listener.plan(outcome.summary, (await readTextIfAny(join(state.terraform, "cdk.tf.json"))) ?? "{}")
    : undefined;
  const planned = await understandPlan(session, planFile, options, first);
  // Nothing is lost to a destroy for want of a key or a secret.
  const missing = options.destroy ? [] : variables;
  return { ...planned, diagnostics: [...session.diagnostics, ...missing, ...told, ...located(session, findings), ...planned.diagnostics] };
}

/**
 * Reads a saved plan and tells what it would do, and what of that nobody has agreed to.
 *
 * @param told what is in it, where that is known
 */
export async function understandPlan(session: Session, planFile: string, options: PlanOptions = {}, told?: Plan): Promise<PlannedLab> {
  const { lab, applied } = session;
  const plan = told ?? (await session.terraform.show(planFile));
  const verdicts = verdictsOf({ plan, lab, applied });
  const refused = options.destroy
    ? checkLosses(verdicts, { lab, applied, allowLoss: [], destroying: true })
    : [
        ...shrinkingDisks(session, options.targets),
        ...checkEngine({ lab, applied }),
        ...checkLosses(verdicts, { lab, applied, allowLoss: options.allowLoss ?? [] }),
      ];
  return {
    plan,
    verdicts,
    planFile,
    ...(options.targets && { targets: options.targets }),
    diagnostics: located(session, refused),
  };
}

/** Disks that would become smaller, of the sandboxes that are meant. */
function shrinkingDisks({ lab, applied }: Session, targets: readonly string[] | undefined): Diagnostic[] {
  const meant = targets && new Set(targetedSandboxes(lab, targets).map(({ name }) => name));
  const sandboxes = Object.fromEntries(Object.entries(lab.sandboxes).filter(([name]) => meant?.has(name) ?? true));
  return checkDiskSizes({ lab: { ...lab, sandboxes }, applied });
}

/** Images at hand on which new sandboxes cannot work. Those that have to be fetched first are looked into when they are (`prepare`). */
async function unfitImages({ lab, applied, options }: Session, targets: readonly string[] | undefined): Promise<Diagnostic[]> {
  const { env, directory, interrupts } = options;
  const places = { labDirectory: directory, cacheDirectory: cacheDirectory(env) };
  return await checkLabImages(lab, { ...places, env, applied, targets, signal: interrupts?.stop });
}

function located({ options }: Session, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return options.locate ? locateDiagnostics(diagnostics, options.locate) : diagnostics;
}

/** What `plan --out` writes: the plan and the lab that it was made from belong together. */
interface PlanBundle {
  readonly format: 1;
  readonly lab: Lab;
  readonly terraformJson: string;
  readonly lock: string;
  /** What it was limited to. */
  readonly targets?: readonly string[];
  /** Terraform's plan file, base64. */
  readonly plan: string;
}

/** Saves a plan with its lab: `apply --plan` applies exactly this, whatever the lab file says by then. */
export async function savePlan(
  file: string,
  planned: PlannedLab,
  { lab, terraformJson, lock }: Pick<PlanBundle, "lab" | "terraformJson" | "lock">,
): Promise<void> {
  const bundle: PlanBundle = {
    format: 1,
    lab,
    terraformJson,
    lock,
    ...(planned.targets && { targets: planned.targets }),
    plan: (await readFile(planned.planFile)).toString("base64"),
  };
  await writePrivate(file, canonicalJson(bundle));
}

/** @throws DiagnosticError PLAN_STALE for something that is no plan of ours */
export async function readSavedPlan(file: string): Promise<PlanBundle> {
  const text = await readTextIfAny(file);
  try {
    const bundle = JSON.parse(text ?? "") as PlanBundle;
    if (bundle.format === 1 && typeof bundle.plan === "string") return bundle;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new DiagnosticError({
    code: "PLAN_STALE",
    severity: "error",
    summary: text === undefined ? `there is no file ${file}` : `${file} is no plan that terrarium saved`,
    nextStep: "Make one: `terrarium plan --out FILE`.",
  });
}

/** @throws DiagnosticError UNKNOWN_SANDBOX */
function targetAddresses({ targets: names = [], destroy }: PlanOptions, lab: Lab): string[] {
  const problems: Diagnostic[] = [];
  const types = resourceType[lab.provider];
  const addresses = names.flatMap((name) => {
    const sandboxes = Object.values(lab.sandboxes).filter((sandbox) => sandbox.name === name || sandbox.writtenAs === name);
    const networks = Object.values(lab.networks).filter((network) => network.ownedBy === undefined && network.name === name);
    if (sandboxes.length + networks.length === 0) problems.push(unknownTarget(name, lab));
    return [
      ...sandboxes.map((sandbox) => `${types.sandbox}.${address.sandbox(sandbox)}`),
      ...networks.map((network) => `${types.network}.${address.network(network)}`),
    ];
  });
  if (hasErrors(problems)) throw new DiagnosticError(problems);
  // The copy of the lab says more than what the targets bring about: its reader looks what is there.
  return names.length === 0 || destroy ? addresses : [...addresses, `terraform_data.${address.lab}`];
}

function unknownTarget(name: string, lab: Lab): Diagnostic {
  return {
    code: "UNKNOWN_SANDBOX",
    severity: "error",
    summary: `--target ${name} is no sandbox and no network of lab "${lab.name}"`,
    nextStep: `It has: ${[...Object.keys(lab.sandboxes), ...Object.values(lab.networks).map((network) => network.name)].join(", ")}.`,
  };
}
