import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { Lab } from "../../lab/lab.ts";
import { verdictsOf } from "../../review/verdicts-of.ts";
import type { Verdicts } from "../../review/verdicts.ts";
import type { Plan } from "../../terraform/plan.ts";

/**
 * The verdicts of a plan in a file: what `terrarium plan --json` printed, or `terraform show -json PLAN`.
 *
 * @throws DiagnosticError REVIEW_PLAN_UNREADABLE
 */
export function readPlan(text: string, file: string, { lab, applied }: { readonly lab: Lab; readonly applied?: Lab }): Verdicts {
  const document = parsed(text);
  if (typeof document === "object" && document !== null) {
    if ("verdicts" in document && isVerdicts(document.verdicts)) {
      const { verdicts } = document;
      if (!("lab" in document) || document.lab === lab.name) return verdicts;
      throw unreadable(file, `it is of lab ${JSON.stringify(document.lab)}, not of ${JSON.stringify(lab.name)}`);
    }
    if ("format_version" in document && "resource_changes" in document)
      return verdictsOf({ plan: document as unknown as Plan, lab, ...(applied && { applied }) });
  }
  throw unreadable(file, "it is neither of them");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isVerdicts(value: unknown): value is Verdicts {
  return (
    typeof value === "object" &&
    value !== null &&
    (["sandboxes", "networks", "drift", "others"] as const).every((key) => key in value && Array.isArray((value as Verdicts)[key]))
  );
}

function unreadable(file: string, why: string): DiagnosticError {
  return new DiagnosticError({
    code: "REVIEW_PLAN_UNREADABLE",
    severity: "error",
    summary: `expected in ${file} what \`terrarium plan --json\` or \`terraform show -json PLAN\` prints: ${why}`,
    nextStep: "Make it: `terrarium plan --json > plan.json`.",
  });
}
