import type { Plan, PlanActions, ResourceChange } from "../../terraform/plan.ts";

export type Values = Readonly<Record<string, unknown>>;

/** One side of a change; undefined where the object is not. */
export interface Sides {
  readonly type: string;
  /** Name of the resource: `sandbox_local_web`. */
  readonly name: string;
  readonly before: Values | undefined;
  readonly after: Values | undefined;
}

/** A change as Terraform's plan has it. What is on both sides gets `actions`. */
export function resourceChange({ type, name, before, after }: Sides, actions: PlanActions = ["no-op"]): ResourceChange {
  const done: PlanActions = before === undefined ? ["create"] : after === undefined ? ["delete"] : actions;
  return {
    address: `${type}.${name}`,
    mode: "managed",
    type,
    name,
    provider_name: "",
    change: { actions: done, before: before ?? null, after: after ?? null },
  };
}

export const replaced: PlanActions = ["delete", "create"];

export function planWith(changes: readonly ResourceChange[]): Plan {
  return { format_version: "1.2", resource_changes: changes };
}
