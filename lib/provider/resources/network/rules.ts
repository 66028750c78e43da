import { Cidr } from "../../../units/cidr.ts";
import type { Config } from "../../framework/attribute.ts";
import { errorAt, type AttributePath, type Problem } from "../../framework/problem.ts";
import { isKnown } from "../../framework/value.ts";
import type { NetworkSchema } from "./schema.ts";

/** Addresses must lie in the block and belong to one; what is unknown yet is not judged. Pure. */
export function checkNetwork(config: Config<NetworkSchema>): readonly Problem[] {
  const cidr = typeof config.cidr === "string" ? Cidr.tryParse(config.cidr) : undefined;
  if (!cidr) return checkMode(config);
  return [...checkMode(config), ...checkGateway(config, cidr), ...checkReservations(config, cidr)];
}

const servedKeys = ["cidr", "gateway", "domain", "dns_servers", "reservations", "records"] as const;
const bridgedKeys = ["interface", "vlan", "openvswitch"] as const;
const ownBridgeKeys = ["mtu", "stp"] as const;

/** What a mode needs, and what it has no use for. */
function checkMode(config: Config<NetworkSchema>): Problem[] {
  const { mode, cidr, bridge, interface: nic } = config;
  if (mode !== null && !isKnown(mode)) return [];
  const name = mode ?? "nat";
  const bare = name === "bridged" || name === "none";
  const misplaced = [
    ...(bare ? servedKeys : []),
    ...(name === "bridged" ? ownBridgeKeys : bridgedKeys),
    ...(name === "nat" ? [] : (["nat_ports"] as const)),
  ]
    .filter((key) => hasValue(config[key]))
    .map((key) => errorAt([key], `a network of mode "${name}" has no use for ${key}`, "Leave it out, or choose another mode."));
  if (!bare && cidr === null)
    return [...misplaced, errorAt(["cidr"], `a network of mode "${name}" needs a block`, 'Write one: cidr = "10.20.0.0/24".')];
  if (name !== "bridged" || !isKnown(bridge) || !isKnown(nic)) return misplaced;
  if ((bridge === null) === (nic === null))
    return [...misplaced, errorAt(["bridge"], "a bridged network needs either a bridge or an interface of the host", "Name one of them.")];
  return nic !== null && (hasValue(config.vlan) || hasValue(config.openvswitch))
    ? [
        ...misplaced,
        errorAt(
          ["interface"],
          "an interface cannot tag packets, and is no bridge of Open vSwitch",
          "Name a bridge, or a NIC of the host that is in the VLAN.",
        ),
      ]
    : misplaced;
}

function hasValue(value: unknown): boolean {
  if (value === null || value === false) return false;
  return !(typeof value === "object" && isKnown(value) && Object.keys(value).length === 0);
}

/** What is wrong with an address of somebody in the block. */
function assignable(cidr: Cidr, address: string): string | undefined {
  const index = cidr.indexOf(address);
  if (index === undefined) return `${address} is not in ${cidr.toString()}`;
  if (index === 0) return `${address} is the network's own address`;
  return index === cidr.size - 1 ? `${address} is the broadcast address of ${cidr.toString()}` : undefined;
}

function checkGateway({ gateway }: Config<NetworkSchema>, cidr: Cidr): Problem[] {
  const wrong = typeof gateway === "string" ? assignable(cidr, gateway) : undefined;
  return wrong === undefined ? [] : [errorAt(["gateway"], wrong, `Choose one from ${cidr.at(1)} to ${cidr.at(cidr.size - 2)}.`)];
}

function checkReservations({ reservations, gateway }: Config<NetworkSchema>, cidr: Cidr): Problem[] {
  if (!isKnown(reservations) || reservations === null) return [];
  const problems: Problem[] = [];
  const taken = new Map<string, string>();
  const claim = (what: string, value: string, key: string, path: AttributePath): void => {
    const other = taken.get(`${what} ${value}`);
    if (other === undefined) taken.set(`${what} ${value}`, key);
    else
      problems.push(
        errorAt(
          path,
          `${what} ${value} belongs to reservation ${JSON.stringify(other)} already`,
          `Give each reservation a ${what} of its own.`,
        ),
      );
  };
  const first = typeof gateway === "string" ? gateway : gateway === null ? cidr.at(1) : undefined;
  for (const [key, reservation] of Object.entries(reservations)) {
    if (!isKnown(reservation)) continue;
    const { mac, address, name } = reservation;
    if (typeof mac === "string") claim("mac", mac, key, ["reservations", key, "mac"]);
    if (typeof name === "string") claim("name", name, key, ["reservations", key, "name"]);
    if (typeof address !== "string") continue;
    const path = ["reservations", key, "address"];
    const wrong = address === first ? `${address} is the gateway's` : assignable(cidr, address);
    if (wrong === undefined) claim("address", address, key, path);
    else problems.push(errorAt(path, wrong, "Choose another address of the block."));
  }
  return problems;
}
