import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { LabSandbox } from "../lab.ts";
import type { Path } from "../path.ts";

/** Checks that the seed can hold the user's own network configuration: a ConfigDrive has OpenStack's form of it only. */
export function checkNetworkConfigSeed(writtenAs: string, seed: LabSandbox["seed"], hasNetworkConfig: boolean, path: Path): Diagnostic[] {
  if (seed !== "configdrive" || !hasNetworkConfig) return [];
  return [
    {
      code: "NETWORK_CONFIG_NEEDS_NOCLOUD",
      severity: "error",
      path,
      summary: `sandbox "${writtenAs}" has a networkConfig of its own, which \`seed: configdrive\` has no place for`,
      nextStep: "Take `seed: configdrive` out, or say it with `networks`.",
    },
  ];
}
