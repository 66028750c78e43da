import type { Diagnostic, Severity } from "../../diagnostics/diagnostic.ts";

/** What one look at the machine came to. */
export interface Health {
  /** What was looked at: `engine`, `virtualization`, `disk` … */
  readonly check: string;
  /** The host, where it is about one. */
  readonly host?: string;
  readonly verdict: "fine" | Severity;
  /** One sentence. */
  readonly found: string;
  /** What to do; absent where nothing is wrong. */
  readonly nextStep?: string;
  /** Absent where nothing is wrong. */
  readonly code?: Diagnostic["code"];
  readonly detail?: string;
}

export function fine(check: string, found: string, host?: string): Health {
  return { check, ...(host !== undefined && { host }), verdict: "fine", found };
}

/** A diagnostic as a finding. */
export function unwell(check: string, { code, severity, summary, detail, nextStep }: Diagnostic, host?: string): Health {
  const more = { ...(detail !== undefined && { detail }), ...(nextStep !== undefined && { nextStep }) };
  return { check, ...(host !== undefined && { host }), verdict: severity, found: summary, code, ...more };
}

const order = ["fine", "notice", "warning", "error"] as const;

/** The worst of them; `fine` for none. */
export function worst(all: readonly Health[]): Health["verdict"] {
  return all.reduce<Health["verdict"]>(
    (before, { verdict }) => (order.indexOf(verdict) > order.indexOf(before) ? verdict : before),
    "fine",
  );
}
