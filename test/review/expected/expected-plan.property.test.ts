import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Lab } from "../../../lib/lab/lab.ts";
import { compareLabs } from "../../../lib/review/compare-labs.ts";
import type { Verdicts } from "../../../lib/review/verdicts.ts";
import { verdictsOf } from "../../../lib/review/verdicts-of.ts";
import { writtenLabs } from "../generated-labs.ts";
import { planOf, sideOf } from "../plan-builder.ts";

/** What both ways must agree on. */
function said({ sandboxes, networks }: Verdicts): object {
  return { sandboxes, networks: networks.toSorted((a, b) => (`${a.host}/${a.name}` < `${b.host}/${b.name}` ? -1 : 1)) };
}

function offline(base: Lab, head: Lab): object {
  return said(compareLabs({ base, head }));
}

test("two labs alone give the verdicts of the plan between them (libvirt)", () => {
  fc.assert(
    fc.property(writtenLabs("libvirt"), writtenLabs("libvirt"), (before, after) => {
      const [old, wanted] = [sideOf(before), sideOf(after, { previous: before })];
      const plan = planOf({ before: old, after: wanted });
      expect(offline(old.lab, wanted.lab)).toEqual(said(verdictsOf({ plan, lab: wanted.lab, applied: old.lab })));
    }),
    { numRuns: 60 },
  );
});
