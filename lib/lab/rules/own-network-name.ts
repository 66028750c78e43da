import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Path } from "../path.ts";

/** Checks that a sandbox's own network, which has its name, is not mistaken for a declared one. */
export function checkOwnNetworkName(sandbox: string, declared: readonly string[], path: Path): Diagnostic[] {
  if (!declared.includes(sandbox)) return [];
  return [
    {
      code: "OWN_NETWORK_NAME_TAKEN",
      severity: "error",
      path,
      summary: `sandbox "${sandbox}" has no networks, so it gets one of its own with its name, and network "${sandbox}" is declared`,
      nextStep: `Put it into that one with \`networks: [${sandbox}]\`, or rename one of them.`,
    },
  ];
}
