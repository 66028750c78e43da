import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { LabSandbox } from "../lab.ts";
import type { Path } from "../path.ts";

/** Checks that the seed can hold the user's own network configuration: a ConfigDrive has OpenStack's form of it only, and in its place cloud-init takes version 1 and 2 for no network at all. */
export function checkNetworkConfigSeed(writtenAs: string, seed: LabSandbox["seed"], hasNetworkConfig: boolean, path: Path): Diagnostic[] {
  if (seed !== "configdrive" || !hasNetworkConfig) return [];
  return [
    {
      code: "NETWORK_CONFIG_NEEDS_NOCLOUD",
      severity: "error",
      path,
      summary: `sandbox "${writtenAs}" has a networkConfig of its own, which \`seed: configdrive\` has no place for`,
      nextStep: "Take `seed: configdrive` out, or say it on the NICs, in `networks`: addresses, routes, name servers, MTU, IPv6, VLANs.",
    },
  ];
}
