import { placeText } from "../../review/place.ts";
import type { LabReview, PlacedReason, PolicyFinding, Problem, Review } from "../../review/review.ts";
import { visible } from "../../review/forms/visible.ts";
import { totalsText } from "../../review/summary.ts";
import { renderVerdicts, type RenderPlanOptions } from "./plan.ts";
import { paint } from "./wrap.ts";

/** A review for the terminal: for each lab what `terrarium plan` shows, with places, problems, and what the policy says. */
export function renderReview(given: Review, options: RenderPlanOptions): string {
  const review = withVisibleTexts(given);
  const { color } = options;
  const labs = review.labs.map((lab) => {
    const title = paint(`${lab.file}: lab ${lab.lab}${lab.change === "changed" ? "" : ` (${lab.change})`}`, "bold", color);
    const notes = [...lab.problems.map((problem) => problemLine(problem, color)), ...lab.notes.map((note) => `  note: ${note}`)];
    for (const { object, expected, planned } of lab.deviations)
      notes.push(`  what runs is not the base: ${object}: expected ${expected}, planned ${planned}`);
    const verdicts = lab.change === "removed" || lab.change === "invalid" ? "" : renderVerdicts(verdictsOfReview(lab), options);
    return [title, ...notes, verdicts].filter((part) => part !== "").join("\n");
  });
  const policy = review.policy.map((finding) => policyLine(finding, color));
  const unchanged = review.unchanged > 0 ? `; ${review.unchanged} other lab${review.unchanged === 1 ? " is" : "s are"} unchanged` : "";
  return `${[...labs, ...(policy.length > 0 ? [`${policy.join("\n")}\n`] : []), `${totalsText(review)}${unchanged}.`].join("\n")}\n`;
}

function verdictsOfReview(lab: LabReview): Parameters<typeof renderVerdicts>[0] {
  const placed = ({ text, place }: PlacedReason) => ({ text: place ? `${text} (${placeText(place)})` : text });
  const sandboxes = lab.sandboxes.map((sandbox) => ({ ...sandbox, reasons: sandbox.reasons.map(placed), stops: false, path: [] }));
  const networks = lab.networks.map((network) => ({ ...network, reasons: network.reasons.map(placed), path: [] }));
  const hasChanges = [...sandboxes, ...networks].some(({ word }) => word !== "none") || lab.others.length > 0;
  return { sandboxes, networks, drift: lab.drift, others: lab.others, hasChanges };
}

function problemLine({ severity, text, place, nextStep }: Problem, color: boolean): string {
  const head = paint(severity, severity === "error" ? "red" : "yellow", color);
  const where = place ? `${placeText(place)}: ` : "";
  return `  ${head}: ${where}${text}${nextStep === undefined ? "" : `\n    → ${nextStep}`}`;
}

function policyLine({ level, rule, object, text, place }: PolicyFinding, color: boolean): string {
  const head = level === "deny" ? paint("denied", "red", color) : paint("warning", "yellow", color);
  return `${head}: ${object}: ${text} (policy: ${rule}${place ? `, ${placeText(place)}` : ""})`;
}

/** Every text of it, keys included, without what a terminal would act on or nobody would see. */
function withVisibleTexts<T>(value: T): T {
  if (typeof value === "string") return visible(value) as T;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withVisibleTexts) as T;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [visible(key), withVisibleTexts(part as unknown)])) as T;
}
