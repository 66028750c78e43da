import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { bridgeName } from "../../lab/plan/bridge-name.ts";
import type { CheckedNetwork, WorldCheck } from "../own-world.ts";

/** A network whose bridge has the name of something else. */
export interface TakenBridge {
  readonly network: CheckedNetwork;
  readonly by: string;
  /** The next free choice. */
  readonly free: string;
}

/** Finds bridges whose names interfaces of the host have. Those of libvirt's networks are told where names are compared (`STRANGER`). Pure. */
export function findTakenBridges({ lab, world, networks }: WorldCheck): TakenBridge[] {
  if (lab.hypervisor !== "kvm") return [];
  const taken = new Map(world.links.map((link) => [link.name, link]));
  const ofNetworks = new Set(world.networks.map(({ bridge }) => bridge));
  return networks.flatMap((network): TakenBridge[] => {
    const { bridge, mode, isThere, name } = network;
    const link = bridge === undefined || mode === "bridged" || isThere ? undefined : taken.get(bridge);
    if (link === undefined || ofNetworks.has(link.name)) return [];
    let attempt = 1;
    while (taken.has(bridgeName(lab.name, name, attempt))) attempt++;
    const addresses = link.addresses.length === 0 ? "" : ` with ${link.addresses.join(", ")}`;
    return [{ network, by: `${link.kind ?? "an"} interface${addresses}`, free: bridgeName(lab.name, name, attempt) }];
  });
}

export function bridgeDiagnostics(check: WorldCheck): Diagnostic[] {
  return findTakenBridges(check).map(({ network: { name, bridge }, by, free }) => ({
    code: "BRIDGE_NAME_TAKEN",
    severity: "error",
    path: ["networks", name],
    summary: `the bridge of network "${name}" would be "${bridge}", and host "${check.world.host}" has an interface of that name (${by}); the next free name is "${free}"`,
    nextStep: `Run it with --relocate, which takes another name on this machine only; or remove the interface if it is a leftover: sudo ip link delete ${bridge}`,
  }));
}
