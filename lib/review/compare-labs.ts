import type { Lab } from "../lab/lab.ts";
import { engineChanges, engineChangeVerdicts } from "./engine-change.ts";
import { expectedPlan } from "./expected/expected-plan.ts";
import { verdictsOf } from "./verdicts-of.ts";
import type { Verdicts } from "./verdicts.ts";

/**
 * What applying `head` does where `base` is applied, without a state: the verdicts of the plan that is to be expected.
 *
 * @param labs.base @default - none: everything is created
 * @example compareLabs({ base, head }).sandboxes.filter(({ word }) => word === "rebuild")
 */
export function compareLabs({ base, head }: { readonly base?: Lab; readonly head: Lab }): Verdicts {
  if (!engineChanges(base, head)) return verdictsOf({ plan: expectedPlan({ base, head }), lab: head, applied: base });
  const nothing: Lab = { ...base, sandboxes: {}, networks: {} };
  const destroying = verdictsOf({ plan: expectedPlan({ base }), lab: nothing, applied: base });
  return engineChangeVerdicts(destroying, base, head);
}
