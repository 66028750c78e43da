import { destroyPlanned, type Applied } from "../deploy/apply.ts";
import { planEngineChange } from "../deploy/engine-change.ts";
import { terraformJsonFor } from "../deploy/open-lab.ts";
import type { PlanOptions, PlannedLab } from "../deploy/plan.ts";
import { withSession, type SessionOptions } from "../deploy/session.ts";
import type { Lab } from "../lab/lab.ts";

/** From one provider or hypervisor to another. */
export interface EngineChange {
  /** As it was applied. */
  readonly former: Lab;
  /** As it is to be. */
  readonly lab: Lab;
}

/** What of a former lab's session a change needs: its plan, and the way to carry it out. */
export interface PlannedChange {
  readonly planned: PlannedLab;
  readonly destroy: () => Promise<Applied>;
}

/** Plans the first of the two applies that another provider or hypervisor takes, in a session of the lab as it was applied. */
export async function withEngineChange<T>(
  { former, lab }: EngineChange,
  session: SessionOptions,
  options: PlanOptions,
  work: (change: PlannedChange) => Promise<T>,
): Promise<T> {
  return await withSession(former, await terraformJsonFor({ lab: former }), session, async (active) => {
    const planned = await planEngineChange(active, lab, options);
    return await work({ planned, destroy: () => destroyPlanned(active, planned, { everything: true }) });
  });
}
