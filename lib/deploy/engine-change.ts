import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Lab } from "../lab/lab.ts";
import { locateDiagnostics } from "../labfile/locate.ts";
import { checkEngine } from "../review/check-applied.ts";
import { checkLosses } from "../review/check-losses.ts";
import { engineChanges, engineChangeVerdicts } from "../review/engine-change.ts";
import { readPossibleLab } from "./applied-lab.ts";
import { planLab, type PlannedLab, type PlanOptions } from "./plan.ts";
import type { Session } from "./session.ts";
import { stateDirectory } from "./state-directory.ts";

/**
 * The lab as it was applied, if that was with another provider or hypervisor than it is for now: then it takes two applies, one that destroys everything with the former, and one
 * that makes it with the new. Terraform cannot do both at once: the configuration has no provider block for the old objects, and both claim the same names.
 */
export async function formerEngine(directory: string, lab: Lab): Promise<Lab | undefined> {
  const applied = await readPossibleLab(stateDirectory(directory, lab.name));
  return engineChanges(applied, lab) ? applied : undefined;
}

/**
 * Plans the first of the two applies, and tells what both of them do.
 *
 * @param session of the former lab
 * @param lab what is to be
 * @throws DiagnosticError CONFLICTING_KEYS for targets: nothing of the lab can stay as it was
 */
export async function planEngineChange(session: Session, lab: Lab, options: PlanOptions): Promise<PlannedLab> {
  const { lab: former } = session;
  if (options.targets !== undefined) throw new DiagnosticError(wholeOnly(former, lab));
  const planned = await planLab(session, { destroy: true });
  if (options.destroy) return planned;
  const verdicts = engineChangeVerdicts(planned.verdicts, former, lab);
  const told = [
    ...checkEngine({ lab, applied: former }),
    ...checkLosses(verdicts, { lab, applied: former, allowLoss: options.allowLoss ?? [] }),
  ];
  const { locate } = session.options;
  return { ...planned, verdicts, diagnostics: [...session.diagnostics, ...(locate ? locateDiagnostics(told, locate) : told)] };
}

function wholeOnly(former: Lab, lab: Lab): Diagnostic {
  const key = former.provider === lab.provider ? "hypervisor" : "provider";
  return {
    code: "CONFLICTING_KEYS",
    severity: "error",
    path: [key],
    summary: `the lab was applied with ${key} ${former[key]} and is now for ${lab[key]}: that rebuilds all of it, and --target asks for a part`,
    nextStep: `Leave --target out, or set \`${key}: ${former[key]}\`.`,
  };
}
