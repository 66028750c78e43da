import { resolve } from "node:path";
import { compareLabs } from "../../review/compare-labs.ts";
import { deviationsOf } from "../../review/deviations.ts";
import { reviewLab } from "../../review/review-lab.ts";
import type { Review } from "../../review/review.ts";
import { readPossibleLab } from "../applied-lab.ts";
import { readLabText } from "../read-lab-text.ts";
import { stateDirectory } from "../state-directory.ts";
import type { OpenedLab } from "../open-lab.ts";
import { readPlan } from "./read-plan.ts";
import type { LabAt } from "./open-lab-at.ts";

export interface ReviewPlanOptions {
  readonly cwd: string;
  /** The lab that the plan is for. */
  readonly opened: OpenedLab;
  readonly planFile: string;
  /** With a base: what was expected to run, by the same name of the file. */
  readonly base?: { readonly name: string; readonly commit?: string; readonly at?: LabAt };
}

/** Reviews what a plan would do to what runs; with a base also where what runs is not what the base says. */
export async function reviewPlan({ cwd, opened, planFile, base }: ReviewPlanOptions): Promise<Review> {
  const { lab, file, directory, locate } = opened;
  const stored = await readPossibleLab(stateDirectory(directory, lab.name));
  const before = stored ?? base?.at?.lab;
  const applied = before && { applied: before };
  const text = await readLabText(resolve(cwd, planFile), planFile);
  const verdicts = readPlan(text, planFile, { lab, ...applied });
  const review = reviewLab({ file, head: lab, verdicts, source: "plan", locate, ...(before && { base: before }) });
  const expected = base && compareLabs({ ...(base.at?.lab?.name === lab.name && { base: base.at.lab }), head: lab });
  return {
    format: 1,
    ...(base && { base: { name: base.name, ...(base.commit !== undefined && { commit: base.commit }) } }),
    head: { name: planFile },
    labs: [{ ...review, deviations: expected ? deviationsOf(expected, verdicts) : [] }],
    unchanged: 0,
    policy: [],
  };
}
