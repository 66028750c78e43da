import type { ConfigRule, Finding } from "../rule.ts";
import { plainViolations, sayPath, sayViolation } from "../schema/say-violation.ts";
import type { Violation } from "../schema/evaluate-schema.ts";
import { isMap } from "../schema/value-types.ts";

/** A network configuration that cloud-init's schema refuses. */
export const networkConfigRule: ConfigRule = {
  code: "CLOUD_INIT_NETWORK_CONFIG",
  severity: "error",
  because:
    "cloud-init's own schema refuses it: the guest gets no network, or another one than meant. A key that cloud-init does not know is a warning: netplan may know it, other renderers leave it out.",
  example: {
    bad: "version: 2\nethernets:\n  eth0: { dhcp4: true, addresses: 10.0.0.5/24 }\n",
    good: "version: 2\nethernets:\n  eth0: { dhcp4: true, addresses: [10.0.0.5/24] }\n",
  },
  checkConfig: ({ evaluation }) => networkViolations(evaluation.violations).map(refused),
};

/** Both schemas have two forms: with `network` around it and without. */
function networkViolations(violations: readonly Violation[]): Violation[] {
  return violations.flatMap((violation) => {
    if (violation.path.length > 0 || !violation.branches || !isMap(violation.value)) return plainViolations([violation]);
    const [plain = [], wrapped = []] = violation.branches;
    return plainViolations("network" in violation.value ? wrapped : plain);
  });
}

function refused(violation: Violation): Finding {
  const { path, key, keyword } = violation;
  if (keyword === "additionalProperties") {
    const full = [...path, key ?? ""];
    return {
      path: full,
      of: "key",
      severity: "warning",
      summary: `cloud-init does not know the key ${sayPath(full)} of a network configuration`,
      nextStep: "Keep it only where the image has netplan, which may know it.",
    };
  }
  return {
    path,
    summary: `cloud-init cannot use ${path.length === 0 ? "this network configuration" : sayPath(path)}: ${sayViolation(violation)}`,
    nextStep: keyword === "required" ? `Add "${key}".` : "Correct it, or take it out.",
  };
}

/** `gateway4` and `gateway6`. */
export const gatewayRule: ConfigRule = {
  code: "CLOUD_INIT_GATEWAY",
  severity: "warning",
  because:
    "`gateway4` and `gateway6` are deprecated, in netplan and in cloud-init: a second card with one takes the default route from the first.",
  example: {
    bad: "version: 2\nethernets:\n  eth0: { addresses: [10.0.0.5/24], gateway4: 10.0.0.1 }\n",
    good: "version: 2\nethernets:\n  eth0: { addresses: [10.0.0.5/24], routes: [{ to: 0.0.0.0/0, via: 10.0.0.1 }] }\n",
  },
  checkConfig: ({ value }) => gatewaysIn(value, []),
};

function gatewaysIn(value: unknown, path: Violation["path"]): Finding[] {
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, inner]): Finding[] => {
    const at = [...path, key];
    if (key !== "gateway4" && key !== "gateway6") return gatewaysIn(inner, at);
    const to = key === "gateway4" ? "0.0.0.0/0" : "::/0";
    const via = typeof inner === "string" ? inner : "ADDRESS";
    return [
      { path: at, of: "key", summary: `${sayPath(at)} is deprecated`, nextStep: `Write routes: [{ to: "${to}", via: "${via}" }] instead.` },
    ];
  });
}
