import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { LabNetworkMode } from "../lab.ts";
import type { Path } from "../path.ts";
import type { WrittenNetwork } from "../written-lab.ts";

type Key = keyof WrittenNetwork;

/** Keys that only some modes have a use for. */
const modesOfKey: Partial<Record<Key, readonly LabNetworkMode[]>> = {
  reserve: ["nat", "isolated", "routed"],
  gateway: ["bridged"],
  bridge: ["bridged"],
  interface: ["bridged"],
  vlan: ["bridged"],
  openvswitch: ["bridged"],
  stp: ["nat", "isolated", "routed", "none"],
  ports: ["nat"],
  dns: ["nat", "isolated", "routed"],
};

/** What to do instead, by key. */
const instead: Partial<Record<Key, string>> = {
  reserve: "Nothing is reserved where we give no addresses: leave it out.",
  gateway: "The gateway of a network of ours is the first address of its `cidr`: leave it out.",
  bridge: "A network of ours gets a bridge of its own: leave it out, or write `mode: bridged` to use one that the host has.",
  interface: "Leave it out, or write `mode: bridged` to be on that NIC's network.",
  vlan: "Leave it out, or write `mode: bridged`.",
  openvswitch: "Leave it out, or write `mode: bridged`.",
  stp: "The bridge is the host's own: set it there, and leave it out here.",
  ports: "Only `nat` sends packets under the host's address: leave it out.",
  dns: "No DNS server of ours is in that network: leave it out.",
};

/**
 * Checks that a network has the keys that go with its mode, and only those.
 *
 * Reports `NETWORK_KEY_MISPLACED` and `NETWORK_KEY_MISSING`.
 */
export function checkNetworkKeys(name: string, network: WrittenNetwork, path: Path): Diagnostic[] {
  const { mode = "nat" } = network;
  const misplaced = (Object.keys(modesOfKey) as Key[])
    .filter((key) => network[key] !== undefined && modesOfKey[key]?.includes(mode) === false)
    .map((key): Diagnostic => ({
      code: "NETWORK_KEY_MISPLACED",
      severity: "error",
      path: [...path, key],
      summary: `network "${name}" is \`mode: ${mode}\`, which has no use for \`${key}\``,
      nextStep: instead[key] ?? "Leave it out.",
    }));
  return mode === "bridged" ? [...misplaced, ...checkBridged(name, network, path)] : misplaced;
}

function checkBridged(
  name: string,
  { bridge, interface: nic, vlan, openvswitch, cidr, gateway }: WrittenNetwork,
  path: Path,
): Diagnostic[] {
  const told: Diagnostic[] = [];
  const tell = (code: "NETWORK_KEY_MISSING" | "NETWORK_KEY_MISPLACED", at: Path, summary: string, nextStep: string): void =>
    void told.push({ code, severity: "error", path: at, summary: `network "${name}" ${summary}`, nextStep });
  if (bridge === undefined && nic === undefined)
    tell(
      "NETWORK_KEY_MISSING",
      path,
      "is bridged, and does not say to what",
      "Write `bridge: br0`, a bridge that the host has, or `interface: eth0`.",
    );
  if (bridge !== undefined && nic !== undefined)
    tell("NETWORK_KEY_MISPLACED", [...path, "interface"], `has a bridge (${bridge}) and an interface (${nic})`, "Keep one of them.");
  if (bridge === undefined && nic !== undefined && vlan !== undefined)
    tell(
      "NETWORK_KEY_MISPLACED",
      [...path, "vlan"],
      "asks for a VLAN on an interface, which cannot tag the packets of its sandboxes",
      `Make a NIC for the VLAN on the host (ip link add link ${nic} name ${nic}.${String(vlan)} type vlan id ${String(vlan)}), and name that one: \`interface: ${nic}.${String(vlan)}\`.`,
    );
  if (bridge === undefined && nic !== undefined && openvswitch === true)
    tell(
      "NETWORK_KEY_MISPLACED",
      [...path, "openvswitch"],
      "is on an interface, and only a bridge is one of Open vSwitch",
      "Leave it out, or write `bridge`.",
    );
  if (gateway !== undefined && cidr === undefined)
    tell(
      "NETWORK_KEY_MISSING",
      [...path, "gateway"],
      "has a gateway without a `cidr`",
      "Write the block that is in use there, or leave `gateway` out: DHCP tells it.",
    );
  return told;
}
