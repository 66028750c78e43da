import type { DiagnosticCode } from "./codes.ts";

/** A place in a text file. Lines and columns count from 1; `length` is in UTF-16 code units on that line. */
export interface SourceRange {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** The whole line, as written, for the excerpt under a message. */
  readonly text: string;
}

export type Severity = "error" | "warning" | "notice";

/**
 * Something a person should know, as a value. Stages collect and return diagnostics; only `lib/cli` prints them.
 *
 * @example { code: "UNKNOWN_IMAGE", severity: "error", path: ["sandboxes", "web", "image"],
 *   summary: 'sandbox "web" uses image "debain-12", which is not declared', nextStep: 'Did you mean "debian-12"?' }
 */
export interface Diagnostic {
  /** Stable name, listed in `codes.ts` and in docs/reference/diagnostics.md. */
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** One sentence: what was expected and what was found. No final full stop needed. */
  readonly summary: string;
  /** More lines, where the summary is not enough (a program's own words, a list). */
  readonly detail?: string;
  /** Where in the lab, as keys and indexes from its root, as written: `["sandboxes", "web", "disks", 0, "size"]`. */
  readonly path?: readonly (string | number)[];
  /** Where in the file. Filled by whoever knows the file: see `lib/labfile/locate.ts`. */
  readonly source?: SourceRange;
  /** Where in the construct tree, for labs written in TypeScript. */
  readonly constructPath?: string;
  /** What to do about it: a command or an edit. Every error has one. */
  readonly nextStep?: string;
}

/** A value and what there is to say about it. `value` is absent if and only if there is an error that prevents one. */
export interface Checked<T> {
  readonly value?: T;
  readonly diagnostics: readonly Diagnostic[];
}

/** True if one of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}
