import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Path } from "../path.ts";

/** A sandbox as this rule sees it. */
export interface NamedSandbox {
  readonly name: string;
  readonly writtenAs: string;
  readonly path: Path;
}

/** Checks that no two sandboxes have one name: `web-1` as written and the first copy of a counted `web`. */
export function checkDuplicateNames(sandboxes: readonly NamedSandbox[]): Diagnostic[] {
  const first = new Map<string, NamedSandbox>();
  const diagnostics: Diagnostic[] = [];
  for (const sandbox of sandboxes) {
    const other = first.get(sandbox.name);
    if (other === undefined) {
      first.set(sandbox.name, sandbox);
      continue;
    }
    diagnostics.push({
      code: "DUPLICATE_NAME",
      severity: "error",
      path: sandbox.path,
      summary: `sandbox "${sandbox.writtenAs}" makes a sandbox "${sandbox.name}", and so does "${other.writtenAs}"`,
      nextStep: "Rename one of them.",
    });
  }
  return diagnostics;
}
