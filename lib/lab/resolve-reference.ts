import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { Path, Report } from "./path.ts";

const kinds = {
  image: { code: "UNKNOWN_IMAGE", plural: "images" },
  network: { code: "UNKNOWN_NETWORK", plural: "networks" },
  host: { code: "UNKNOWN_HOST", plural: "hosts" },
} as const satisfies Record<string, { code: DiagnosticCode; plural: string }>;

/**
 * Checks that something named is declared; reports it with the name that was probably meant.
 *
 * @param user who names it, by the name it was written under
 */
export function isDeclared(
  kind: keyof typeof kinds,
  name: string,
  declared: readonly string[],
  user: string,
  path: Path,
  report: Report,
): boolean {
  if (declared.includes(name)) return true;
  report({
    code: kinds[kind].code,
    severity: "error",
    path,
    summary: `sandbox "${user}" uses ${kind} "${name}", which is not declared`,
    nextStep: didYouMean(name, declared, kinds[kind].plural),
  });
  return false;
}
