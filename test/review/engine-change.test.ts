import { expect, test } from "vitest";
import { checkEngine } from "../../lib/review/check-applied.ts";
import { checkLosses } from "../../lib/review/check-losses.ts";
import { engineChanges, engineChangeVerdicts } from "../../lib/review/engine-change.ts";
import { verdictsOf } from "../../lib/review/verdicts-of.ts";
import type { WrittenLab } from "../../lib/lab/written-lab.ts";
import { base, reasons, words } from "./labs.ts";
import { planOf, sideOf } from "./plan-builder.ts";

const before = sideOf(base);
const written: WrittenLab = { ...base, provider: "terrarium", sandboxes: { db: base.sandboxes.db, extra: {} } };
const after = sideOf(written, { previous: base });
const destroying = verdictsOf({ plan: planOf({ before }), lab: before.lab, applied: before.lab });
const verdicts = engineChangeVerdicts(destroying, before.lab, after.lab);

test("another provider is an engine change, the same one is none", () => {
  expect(engineChanges(before.lab, after.lab)).toBe(true);
  expect(engineChanges(before.lab, before.lab)).toBe(false);
  expect(engineChanges(undefined, after.lab)).toBe(false);
});

test("what stays in the lab is rebuilt, the rest created or destroyed", () => {
  expect(words(verdicts)).toEqual({ db: "rebuild", extra: "create", "web-1": "destroy", "web-2": "destroy" });
  expect(reasons(verdicts, "db")).toEqual(["provider libvirt → terrarium"]);
  expect(verdicts.networks.map(({ name, word }) => `${name} ${word}`)).toEqual(["extra create", "front replaced"]);
});

test("all disks are lost, and nobody has agreed to that", () => {
  const diagnostics = checkLosses(verdicts, { lab: after.lab, applied: before.lab, allowLoss: ["db", "web-1"] });
  expect(diagnostics).toMatchObject([{ code: "LOSS_NOT_ALLOWED", nextStep: expect.stringContaining("--allow-loss web-2") as string }]);
  expect(checkLosses(verdicts, { lab: after.lab, applied: before.lab, allowLoss: ["db", "web-1", "web-2"] })).toEqual([]);
  expect(checkEngine({ lab: after.lab, applied: before.lab })).toMatchObject([{ code: "LAB_PROVIDER_CHANGED", severity: "warning" }]);
});
