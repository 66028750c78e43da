import { DiagnosticError } from "../../../diagnostics/diagnostic-error.ts";
import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { Problem } from "../problem.ts";

/** What a handler threw, as Terraform is to show it. */
export function problemsOf(error: unknown, doing: string): Problem[] {
  if (error instanceof DiagnosticError) {
    const problems = error.diagnostics.map(problemOf);
    return problems.some(({ severity }) => severity === "error")
      ? problems
      : [...problems, { severity: "error", summary: `The provider failed to ${doing}` }];
  }
  const said = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error && error.cause instanceof Error ? `\nCause: ${error.cause.message}` : "";
  return [
    {
      severity: "error",
      summary: `The provider failed to ${doing}: ${said.split("\n")[0] || "no reason was given"}`,
      detail: `${said}${cause}`,
    },
  ];
}

function problemOf({ code, severity, summary, detail, nextStep, path }: Diagnostic): Problem {
  return {
    severity: severity === "error" ? "error" : "warning",
    summary,
    detail: [detail, nextStep && `→ ${nextStep}`, `(${code})`].filter((part) => part).join("\n"),
    ...(path ? { path } : {}),
  };
}
