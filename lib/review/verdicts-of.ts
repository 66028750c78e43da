import type { Lab } from "../lab/lab.ts";
import type { Plan, ResourceChange } from "../terraform/plan.ts";
import { driftOf } from "./drift.ts";
import { networkVerdict } from "./network-verdict.ts";
import { effectOf, planObjects, type Effect, type PlannedSandbox } from "./plan-objects.ts";
import { sandboxVerdict } from "./sandbox-verdict.ts";
import type { OtherChange, Verdicts } from "./verdicts.ts";

export interface VerdictsInput {
  /** What `terraform show -json PLAN` says. It decides what happens. */
  readonly plan: Plan;
  /** The lab that the plan is for. For `terraform plan -destroy`: the applied one. */
  readonly lab: Lab;
  /**
   * The lab of the last apply. It says why.
   *
   * @default - none: reasons are as exact as the state is, and a new seed counts as a reseed
   */
  readonly applied?: Lab;
}

/**
 * What an apply of the plan does to each sandbox and network, in the words of the change table, with reasons and losses.
 *
 * Pure, and never throws: resources that are no part of the lab are listed as `others`, Terrarium's own records are folded into `hasChanges`.
 *
 * @example verdictsOf({ plan, lab, applied }).sandboxes.filter(({ losses }) => losses.length > 0)
 */
export function verdictsOf({ plan, lab, applied }: VerdictsInput): Verdicts {
  const objects = planObjects(plan);
  const drifted = new Map((plan.resource_drift ?? []).map((resource) => [resource.address, resource]));
  const replacedNetworks = new Set([...objects.networks].filter(([, { network }]) => effectOf(network) === "replace").map(([key]) => key));
  const perName = new Map<string, PlannedSandbox[]>();
  for (const planned of objects.sandboxes.values()) perName.set(planned.name, [...(perName.get(planned.name) ?? []), planned]);

  const sandboxes = everyName(Object.keys(lab.sandboxes), perName.keys()).map((name) =>
    sandboxVerdict({ name, lab, applied, planned: perName.get(name) ?? [], replacedNetworks, drifted }),
  );
  const networks = everyName(objects.networks.keys()).flatMap((key) => {
    const planned = objects.networks.get(key);
    return planned ? [networkVerdict({ planned, lab, applied, sandboxes, drifted })] : [];
  });
  const changes = (plan.resource_changes ?? []).filter(({ mode }) => mode === "managed");
  return {
    sandboxes: sandboxes.filter(({ name, word }) => word !== "none" || Object.hasOwn(lab.sandboxes, name)),
    networks,
    drift: driftOf(plan),
    others: objects.others.flatMap(otherChange),
    hasChanges: changes.some((change) => effectOf(change) !== "none"),
  };
}

/** `web-2` before `web-10`. */
const byName = new Intl.Collator("en", { numeric: true });

function everyName(...names: readonly Iterable<string>[]): string[] {
  return [...new Set(names.flatMap((some) => [...some]))].toSorted((a, b) => byName.compare(a, b));
}

const words: Readonly<Partial<Record<Effect, OtherChange["word"]>>> = {
  create: "create",
  update: "update",
  delete: "destroy",
  replace: "replaced",
  forget: "forget",
};

function otherChange(change: ResourceChange): OtherChange[] {
  const word = words[effectOf(change)];
  return word === undefined ? [] : [{ address: change.address, word }];
}
