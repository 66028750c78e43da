import { normalizeLab, type NormalizedLab } from "../../lib/lab/normalize-lab.ts";
import type { LabLock } from "../../lib/lab/lock/lab-lock.ts";
import type { WrittenLab } from "../../lib/lab/written-lab.ts";
import { compareLabs } from "../../lib/review/compare-labs.ts";
import { reviewLab } from "../../lib/review/review-lab.ts";
import type { LabReview, Review } from "../../lib/review/review.ts";
import { base, withDb } from "./labs.ts";

function normalized(written: WrittenLab, lock?: LabLock): NormalizedLab {
  const { value, diagnostics } = normalizeLab(written, { lock });
  if (!value) throw new Error(`The lab of this test is in error: ${JSON.stringify(diagnostics)}`);
  return value;
}

/** The review of a change from one written lab to another, with the lock of the first; every reason is at line 7. */
export function reviewBetween(before: WrittenLab | undefined, after: WrittenLab, more: Partial<LabReview> = {}): Review {
  const old = before && normalized(before);
  const { lab: head } = normalized(after, old?.lock);
  const lab = reviewLab({
    ...{ file: "lab.yaml", head, source: "labs" },
    ...(old && { base: old.lab }),
    verdicts: compareLabs({ ...(old && { base: old.lab }), head }),
    locate: () => ({ file: "lab.yaml", line: 7, column: 3, length: 1, text: "" }),
  });
  return {
    format: 1,
    base: { name: "origin/main", commit: "0123456789abcdef" },
    head: { name: "working tree" },
    labs: [{ ...lab, ...more }],
    unchanged: 0,
    policy: [],
  };
}

/** A database that loses its root disk, with everything else that a review can say. */
export function exampleReview(): Review {
  const after = withDb({ cpus: 2, cloudInit: { packages: ["redis"] }, networks: [{ name: "front", ip: "10.20.0.99" }] });
  const review = reviewBetween(base, { ...after, images: { "debian-12": { ...base.images["debian-12"], sha256: "b".repeat(64) } } });
  const place = { file: "lab.yaml", line: 3, column: 1 };
  return {
    ...review,
    policy: [{ rule: "no-rebuild", level: "deny", lab: "shop", object: "sandbox db", text: "would be rebuilt", place }],
  };
}
