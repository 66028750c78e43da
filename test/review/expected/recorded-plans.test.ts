import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compareLabs } from "../../../lib/review/compare-labs.ts";
import { verdictsOf } from "../../../lib/review/verdicts-of.ts";
import type { Plan } from "../../../lib/terraform/plan.ts";
import { ownBase, ownChanges } from "../own-labs.ts";
import { sideOf } from "../plan-builder.ts";
import { comparable } from "./comparable.ts";

const plans = JSON.parse(readFileSync(new URL("../recorded-own-plans.snap", import.meta.url), "utf8")) as Record<string, Plan>;
const base = sideOf(ownBase).lab;

test.each(Object.keys(ownChanges))("two labs alone give the verdicts of Terraform's own plan (terrarium): %s", (name) => {
  const { lab } = sideOf(ownChanges[name] ?? ownBase, { previous: ownBase });
  const plan = plans[name];
  if (!plan) throw new Error(`no plan "${name}" is recorded`);
  // What Terraform found changed behind its back cannot be known from two labs.
  const planned = verdictsOf({ plan: { ...plan, resource_drift: [] }, lab, applied: base });
  expect(comparable(compareLabs({ base, head: lab }))).toEqual(comparable(planned));
});
