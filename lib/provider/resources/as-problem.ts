import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { AttributePath, Problem } from "../framework/problem.ts";

/** A diagnostic about the value of one attribute, as Terraform shows it. */
export function asProblem({ code, severity, summary, detail, nextStep }: Diagnostic, path: AttributePath): Problem {
  const lines = [detail, nextStep, `(${code})`].filter((line) => line !== undefined);
  return { severity: severity === "error" ? "error" : "warning", summary, detail: lines.join("\n"), path };
}
