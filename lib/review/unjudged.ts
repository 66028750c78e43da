import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Lab } from "../lab/lab.ts";
import { costOfLab } from "./cost.ts";
import { problemOf } from "./review-lab.ts";
import type { LabReview } from "./review.ts";

const nothing = { sandboxes: [], networks: [], images: [], drift: [], deviations: [], others: [] } as const;

/** A lab whose new version cannot be read: nothing can be said but why. */
export function invalidReview(file: string, base: Lab | undefined, diagnostics: readonly Diagnostic[]): LabReview {
  const cost = costOfLab(base);
  return {
    ...{ file, ...nothing, lab: base?.name ?? file, change: "invalid", source: "labs" },
    cost: { before: cost, after: cost },
    notes: ["The new version of this lab is in error: what it would do cannot be told."],
    problems: diagnostics.map((diagnostic) => problemOf(diagnostic)),
  };
}

/** A lab file that is gone. Nobody destroys what it made: that takes `terrarium destroy`, while the file or its state is there. */
export function removedReview(file: string, base: Lab | undefined): LabReview {
  const cost = costOfLab(base);
  const names = Object.keys(base?.sandboxes ?? {});
  return {
    ...{ file, ...nothing, lab: base?.name ?? file, change: "removed", source: "labs" },
    cost: { before: cost, after: cost },
    notes: [
      `The file is removed; what it made keeps running${names.length === 0 ? "" : ` (${names.slice(0, 20).join(", ")}${names.length > 20 ? " …" : ""})`}. \`terrarium destroy\` beside its state removes it.`,
    ],
    problems: [],
  };
}
