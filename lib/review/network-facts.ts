import type { LabNetwork } from "../lab/lab.ts";

/** What a network is, in short. */
export function networkFacts({ mode, cidr, bridge, interface: nic, vlan, overrides }: LabNetwork): string[] {
  const to = mode === "bridged" ? [`to ${bridge ?? nic ?? ""}`] : [];
  return [
    mode,
    ...to,
    ...(vlan === undefined ? [] : [`VLAN ${vlan}`]),
    ...(cidr === undefined ? [] : [cidr]),
    ...Object.keys(overrides).map((override) => `override ${override}`),
  ];
}
