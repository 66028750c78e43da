import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { LabSandbox } from "../lab.ts";
import type { Path } from "../path.ts";

/**
 * Warns of cloud-init settings on a sandbox without a seed. What it only inherits is meant for others.
 *
 * @param path where the sandbox's cloud-init settings stand
 */
export function checkSeedUnused(writtenAs: string, seed: LabSandbox["seed"], path: Path): Diagnostic[] {
  if (seed !== "none" || path[0] !== "sandboxes" || path[2] !== "cloudInit") return [];
  return [
    {
      code: "SEED_UNUSED",
      severity: "warning",
      path,
      summary: `sandbox "${writtenAs}" has cloud-init settings, and with \`seed: none\` nothing brings them into it`,
      nextStep: "Take `seed: none` out, or the settings.",
    },
  ];
}
