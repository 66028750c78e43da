import type { Capabilities, NetworkSpec, PortRange } from "./provisioning.ts";

type Settings = Pick<NetworkSpec, "mtu" | "stp" | "ports" | "dnsServers">;

/** What a `nat` network has that says nothing: ports below 1024 stay the host's own. */
export const defaultPorts: PortRange = { first: 1024, last: 65_535 };

/** What a network's bridge, NAT and DNS server are told, by its name for people; what is not said has its default. Two networks with equal texts are set up alike. Pure. */
export function settingTexts({ mtu, stp = true, ports = defaultPorts, dnsServers = [] }: Settings): Readonly<Record<string, string>> {
  return {
    MTU: mtu === undefined ? "default" : String(mtu),
    STP: stp ? "on" : "off",
    ports: `${ports.first}-${ports.last}`,
    "DNS servers": dnsServers.length === 0 ? "the host's" : dnsServers.join(", "),
  };
}

/** Settings that are asked for and that the mode, or the hypervisor, has no use for. Pure. */
export function misplacedSettings(
  { mode, ...settings }: Settings & Pick<NetworkSpec, "mode">,
  { networkSettings }: Capabilities,
): string[] {
  const fits: Readonly<Record<keyof Settings, boolean>> = {
    mtu: mode !== "bridged",
    stp: mode !== "bridged",
    ports: mode === "nat",
    dnsServers: mode !== "bridged" && mode !== "none",
  };
  return (Object.keys(fits) as (keyof Settings)[]).filter((key) => settings[key] !== undefined && !(networkSettings && fits[key]));
}
