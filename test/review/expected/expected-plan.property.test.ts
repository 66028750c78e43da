import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compareLabs } from "../../../lib/review/compare-labs.ts";
import { verdictsOf } from "../../../lib/review/verdicts-of.ts";
import { writtenLabs } from "../generated-labs.ts";
import { planOf, sideOf } from "../plan-builder.ts";
import { comparable } from "./comparable.ts";

test("two labs alone give the verdicts of the plan between them (libvirt)", () => {
  fc.assert(
    fc.property(writtenLabs("libvirt"), writtenLabs("libvirt"), (before, after) => {
      const [old, wanted] = [sideOf(before), sideOf(after, { previous: before })];
      const plan = planOf({ before: old, after: wanted });
      expect(comparable(compareLabs({ base: old.lab, head: wanted.lab }))).toEqual(
        comparable(verdictsOf({ plan, lab: wanted.lab, applied: old.lab })),
      );
    }),
    { numRuns: 60 },
  );
});
