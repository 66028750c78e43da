import { cloudInitSchemaVersion } from "../../schemas/cloud-init/version.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { Config } from "./check/config.ts";
import { networkConfigRules } from "./check/rules.ts";
import { cloudInitSchema } from "./check/schema/cloud-init-schemas.ts";
import { isMap } from "./check/schema/value-types.ts";

/**
 * Checks a network configuration for cloud-init, version 1 or 2, with or without `network` around it, by cloud-init's own schema and the rules of
 * docs/reference/cloud-init-checks.md.
 *
 * @param path where the value stands, for the diagnostics' own `path`
 * @returns an empty array for one that is fine; never throws
 * @example checkNetworkConfig({ version: 2, ethernets: { eth0: { gateway4: "10.0.0.1" } } })[0].code // "CLOUD_INIT_GATEWAY"
 */
export function checkNetworkConfig(value: Readonly<Record<string, unknown>>, path: readonly (string | number)[] = []): Diagnostic[] {
  const inner = isMap(value["network"]) ? value["network"] : value;
  const schema = cloudInitSchema(inner["version"] === 1 ? "network-config-v1" : "network-config-v2");
  const config = new Config({ value, schema, version: cloudInitSchemaVersion });
  return networkConfigRules.flatMap((rule) =>
    rule.checkConfig(config).map((finding) => ({
      code: rule.code,
      severity: finding.severity ?? rule.severity,
      summary: finding.summary,
      nextStep: finding.nextStep,
      path: [...path, ...(finding.path ?? [])],
    })),
  );
}
