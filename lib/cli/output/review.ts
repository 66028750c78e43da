import { placeText } from "../../review/place.ts";
import type { LabReview, PlacedReason, PolicyFinding, Problem, Review } from "../../review/review.ts";
import { totalsText } from "../../review/summary.ts";
import { escapeLine } from "./escape.ts";
import { renderVerdicts, type RenderPlanOptions } from "./plan.ts";
import { paint } from "./wrap.ts";

/** A review for the terminal: for each lab what `terrarium plan` shows, with places, problems, and what the policy says. */
export function renderReview(review: Review, options: RenderPlanOptions): string {
  const { color } = options;
  const labs = review.labs.map((lab) => {
    const title = paint(
      `${escapeLine(lab.file)}: lab ${escapeLine(lab.lab)}${lab.change === "changed" ? "" : ` (${lab.change})`}`,
      "bold",
      color,
    );
    const notes = [
      ...lab.problems.map((problem) => problemLine(problem, color)),
      ...lab.notes.map((note) => `  note: ${escapeLine(note)}`),
    ];
    for (const { object, expected, planned } of lab.deviations)
      notes.push(`  what runs is not the base: ${escapeLine(object)}: expected ${escapeLine(expected)}, planned ${escapeLine(planned)}`);
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
  const where = place ? `${escapeLine(placeText(place))}: ` : "";
  return `  ${head}: ${where}${escapeLine(text)}${nextStep === undefined ? "" : `\n    → ${escapeLine(nextStep)}`}`;
}

function policyLine({ level, rule, object, text, place }: PolicyFinding, color: boolean): string {
  const head = level === "deny" ? paint("denied", "red", color) : paint("warning", "yellow", color);
  return `${head}: ${escapeLine(object)}: ${escapeLine(text)} (policy: ${rule}${place ? `, ${escapeLine(placeText(place))}` : ""})`;
}
