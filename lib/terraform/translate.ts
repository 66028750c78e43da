import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { recognizeError, type ErrorContext } from "./known-errors.ts";
import { ownDiagnostic } from "./own-provider.ts";
import type { RawDiagnostic } from "./raw-diagnostic.ts";
import type { TerraformDiagnostic } from "./terraform-diagnostic.ts";

/**
 * Turns what Terraform said into diagnostics of ours: known errors get their code, everything else is `TERRAFORM_ERROR` in Terraform's words.
 * Repetitions are dropped; warnings stay warnings.
 */
export function translate(raws: readonly RawDiagnostic[], context: ErrorContext): TerraformDiagnostic[] {
  const seen = new Set<string>();
  return raws.flatMap((raw) => {
    const key = JSON.stringify([raw.severity, raw.summary, raw.detail, raw.address]);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ diagnostic: toDiagnostic(raw, context), address: raw.address, raw }];
  });
}

function toDiagnostic(raw: RawDiagnostic, context: ErrorContext): Diagnostic {
  const own = ownDiagnostic(raw);
  if (own) return own;
  const words = splitWords(raw);
  if (raw.severity === "warning") return { code: "TERRAFORM_ERROR", severity: "warning", ...words };
  const known = recognizeError(raw, context);
  if (known) return { severity: "error", ...known, detail: known.summary === words.summary ? words.detail : joinWords(words) };
  const nextStep = context.log
    ? `Everything Terraform said is in ${context.log}; TF_LOG=debug says more.`
    : "Set TF_LOG=debug and try again to see more.";
  return { code: "TERRAFORM_ERROR", severity: "error", ...words, nextStep };
}

/** Some summaries of Terraform's are whole letters: only the first line can be ours. */
function splitWords(raw: RawDiagnostic): { readonly summary: string; readonly detail?: string } {
  const [first = "", ...rest] = raw.summary.trim().split("\n");
  const detail = [rest.join("\n").trim(), raw.detail.trim()].filter((part) => part !== "").join("\n\n");
  return { summary: first.replace(/[.:]$/, ""), detail: detail === "" ? undefined : detail };
}

function joinWords({ summary, detail }: { readonly summary: string; readonly detail?: string }): string {
  return detail === undefined ? summary : `${summary}\n${detail}`;
}
