import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** Where something stands in the lab as written: keys and indexes from its root. */
export type Path = readonly (string | number)[];

/** Takes what there is to say. */
export type Report = (diagnostic: Diagnostic) => void;

/**
 * Leaves out what was said before: a mistake in a profile or in a counted sandbox is found once per copy, and told once.
 */
export function withoutRepeats(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ code, path, summary }) => {
    const key = JSON.stringify([code, path, summary]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
