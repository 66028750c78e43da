import type { Diagnostic, SourceRange } from "../../diagnostics/diagnostic.ts";
import type { Config } from "./config.ts";
import type { Finding, RuleText } from "./rule.ts";
import type { Place } from "../parts/user-data-part.ts";

/** A finding of a rule as a diagnostic, with its place in the file. */
export function report({ code, severity }: RuleText, finding: Finding, place: Place, config?: Config): Diagnostic {
  const { summary, nextStep, path, of, at = path && config?.rangeOf(path, of), secret } = finding;
  const source = at && place(at.offset, at.length);
  return {
    code,
    severity: finding.severity ?? severity,
    summary,
    nextStep,
    source: source && secret === true ? withoutRest(source) : source,
  };
}

/** The excerpt ends where the range does: a password may follow. */
function withoutRest(source: SourceRange): SourceRange {
  const end = source.column - 1 + source.length;
  return end < source.text.length ? { ...source, text: `${source.text.slice(0, end)} …` } : source;
}

const allowed = /#[ \t]*terrarium:[ \t]*allow[ \t]+([A-Z0-9_, \t]+)/g;

/**
 * Leaves out warnings that the text says are meant: a comment such as `# terrarium: allow CLOUD_INIT_TOO_LARGE`, anywhere in it. Errors stay.
 *
 * @param text the user-data, or the part
 */
export function withoutAllowed(diagnostics: readonly Diagnostic[], text: string): Diagnostic[] {
  if (!text.includes("terrarium:")) return [...diagnostics];
  const codes = new Set([...text.matchAll(allowed)].flatMap(([, list = ""]) => list.split(/[, \t]+/)));
  return diagnostics.filter(({ code, severity }) => severity === "error" || !codes.has(code));
}
