import type { Diagnostic } from "./diagnostic.ts";

/**
 * Carries diagnostics up to `lib/cli` from an effect that cannot go on (a missing program, a refused connection).
 * Pure stages return diagnostics and never throw this.
 */
export class DiagnosticError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[] | Diagnostic, options?: ErrorOptions) {
    const list: readonly Diagnostic[] = Array.isArray(diagnostics) ? (diagnostics as readonly Diagnostic[]) : [diagnostics as Diagnostic];
    super(list.map((diagnostic) => `${diagnostic.code}: ${diagnostic.summary}`).join("\n"), options);
    this.name = "DiagnosticError";
    this.diagnostics = list;
  }
}
