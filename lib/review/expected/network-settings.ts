import { canonicalJson } from "../../lab/canonical-json.ts";
import type { Lab, LabNetwork } from "../../lab/lab.ts";

/** What a network is made with, as far as its mode has a use for it; reservations apart. */
function settings({ hypervisor }: Lab, network: LabNetwork): object {
  const { mode, cidr, gateway, domain, interface: nic, vlan, openvswitch } = network;
  const bridge = hypervisor === "kvm" ? network.bridge : undefined;
  if (mode === "bridged") return { mode, bridge, nic, vlan, openvswitch };
  const { stp, ports = { first: 1024, last: 65_535 }, dns } = network;
  const common = { mode, bridge, stp, mtu: hypervisor === "kvm" ? network.mtu : undefined };
  return mode === "none" ? common : { ...common, cidr, gateway, domain, ports, servers: dns?.servers ?? [] };
}

/** What our own provider changes while the network is in use. */
function liveSettings({ mode, reservations, dns }: LabNetwork): object {
  return mode === "bridged" ? [] : [reservations, dns?.records ?? {}];
}

export type NetworkEffect = "none" | "update" | "replace";

/** What the change of a network takes: `dmacvicar/libvirt` replaces it for anything, our own provider changes reservations live. */
export function networkEffect(before: { lab: Lab; network: LabNetwork }, after: { lab: Lab; network: LabNetwork }): NetworkEffect {
  const [old, current] = [before, after].map(({ lab, network }) => canonicalJson([settings(lab, network), network.overrides]));
  if (old !== current) return "replace";
  const [reserved, wanted] = [before, after].map(({ network }) => canonicalJson(liveSettings(network)));
  if (reserved === wanted) return "none";
  return after.lab.provider === "libvirt" ? "replace" : "update";
}

/** Everything of a network, for whatever is made anew with it. */
export function networkDefinition(lab: Lab, network: LabNetwork | undefined): object | undefined {
  return network && { ...settings(lab, network), live: liveSettings(network), overrides: network.overrides };
}
