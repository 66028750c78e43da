import { isDeepStrictEqual } from "node:util";
import { isUnknown, unknown, type Unknown, type Value } from "../framework/value.ts";

type Values = Readonly<Record<string, Value>>;

/** Stands for a value that differs from every other. */
const other = "\u0000another";

/**
 * What a plan says in `change`. A value in the plan binds the apply, so it is told only where it is the same whatever unknown values turn out to be: it is
 * assessed once as if they were what the state has, and once as if they were something else.
 *
 * @param assess what it takes to come to a state, apart from `change` itself; called for states that differ
 * @returns the prior `change` where nothing changes
 * @example plannedChange({ prior, planned, assess: () => "live" })
 */
export function plannedChange({
  prior,
  planned,
  assess,
}: {
  readonly prior: object | null;
  readonly planned: object;
  readonly assess: (to: never) => string;
}): string | Unknown {
  if (prior === null) return "created";
  const from = withoutChange(prior as Values);
  const to = withoutChange(planned as Values);
  // Of a list or map that is unknown as a whole nothing can be assumed.
  if (Object.entries(to).some(([key, value]) => isUnknown(value) && typeof from[key] === "object")) return unknown;
  const { change: unchanged = "created" } = prior as { readonly change?: string };
  const former = fill(from, from, "same");
  const answers = (["same", "other"] as const).map((assumed) => {
    const filled = fill(to, from, assumed);
    return isDeepStrictEqual(filled, former) ? unchanged : assess(filled as never);
  });
  return answers[0] === answers[1] ? (answers[0] ?? unknown) : unknown;
}

function withoutChange(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => key !== "change"));
}

function fill(value: Value, prior: Value | undefined, assumed: "same" | "other"): Value {
  if (isUnknown(value)) {
    if (assumed === "same" && prior !== undefined) return prior;
    return typeof prior === "number" ? -1 : typeof prior === "boolean" ? !prior : other;
  }
  if (value === null || typeof value !== "object") return value;
  const former = (key: string): Value | undefined =>
    prior !== undefined && prior !== null && typeof prior === "object" && Object.hasOwn(prior, key) ? (prior as Values)[key] : undefined;
  if (Array.isArray(value)) return value.map((item: Value, index) => fill(item, former(String(index)), assumed));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item as Value, former(key), assumed)]));
}
