import { randomUUID } from "node:crypto";
import { Cidr } from "../../units/cidr.ts";
import type { NetworkRecord } from "../hypervisor.ts";
import { misplacedSettings } from "../network-settings.ts";
import { servedParts } from "../served.ts";
import { networkChange } from "../network-change.ts";
import type { Capabilities, NetworkSpec } from "../provisioning.ts";
import { failure, notFound, refuseStranger, unsupported } from "./failure.ts";
import { put, type MemoryNetwork, type MemoryState, type Operation, type Outcome } from "./memory-state.ts";
import { bridgeName, networkRecord } from "./records.ts";

export function createNetwork(spec: NetworkSpec, capabilities: Capabilities): Operation<NetworkRecord> {
  return (state) => {
    check(spec, capabilities);
    const found = state.networks.find((network) => network.spec.name === spec.name);
    if (found) refuseStranger("network", spec.name, found.spec.owner, spec.owner);
    return save(state, {
      id: found?.id ?? randomUUID(),
      spec: { ...(spec.mode !== "bridged" && { bridge: found?.spec.bridge ?? bridgeName(spec.name) }), ...defined(spec) },
      active: true,
    });
  };
}

export function updateNetwork(id: string, spec: NetworkSpec, capabilities: Capabilities): Operation<NetworkRecord> {
  return (state) => {
    check(spec, capabilities);
    const found = state.networks.find((network) => network.id === id);
    if (!found) throw notFound("network", id);
    if (networkChange({ ...found.spec, owner: spec.owner }, spec) === "replace") {
      throw unsupported(
        `the change of network ${JSON.stringify(spec.name)}, which makes another network of it`,
        "Remove the network, then create it.",
      );
    }
    return save(state, { id, spec: { ...found.spec, ...defined(spec) }, active: true });
  };
}

export function removeNetwork(id: string): Operation<void> {
  return (state) => {
    const found = state.networks.find((network) => network.id === id);
    if (!found) return { state, result: undefined };
    const rest = state.networks.filter((network) => network !== found);
    return {
      half: { ...state, networks: put(state.networks, { ...found, active: false }, (network) => network === found) },
      state: { ...state, networks: rest },
      result: undefined,
    };
  };
}

/** Defined and not started is half of it. */
function save(state: MemoryState, network: MemoryNetwork): Outcome<NetworkRecord> {
  checkRoom(state, network);
  const write = (entry: MemoryNetwork): MemoryState => ({ ...state, networks: put(state.networks, entry, ({ id }) => id === entry.id) });
  return { half: write({ ...network, active: false }), state: write(network), result: networkRecord(network) };
}

function check(spec: NetworkSpec, capabilities: Capabilities): void {
  const { mode, records } = spec;
  const { networkModes, dnsRecords } = capabilities;
  if (!networkModes.includes(mode)) throw unsupported(`networks of mode ${mode}`, `Use one of: ${networkModes.join(", ")}.`);
  if (records.length > 0 && !dnsRecords) throw unsupported("DNS records of a network", "Leave out the network's records.");
  const misplaced = misplacedSettings(spec, capabilities);
  if (misplaced.length > 0) throw unsupported(`${misplaced.join(", ")} of a network of mode ${mode}`, "Leave them out.");
  checkSound(spec);
}

/** Each MAC and address stands for one, in the network. */
function checkSound(spec: NetworkSpec): void {
  const { name, mode, reservations, records } = spec;
  const noun = `network ${JSON.stringify(name)}`;
  const served = servedParts(spec);
  if (!served) {
    if (reservations.length + records.length > 0)
      throw unsupported(`reservations and records in ${noun}, which is ${mode}`, "Leave them out: nobody of ours gives addresses there.");
    if (mode === "bridged" && (spec.bridge === undefined) === (spec.interface === undefined))
      throw unsupported(`${noun}, bridged without either a bridge or an interface`, "Name one of them.");
    return;
  }
  const { cidr: text, gateway } = served;
  const cidr = Cidr.tryParse(text);
  if (!cidr)
    throw failure("INVALID_CIDR", `${noun}: expected a block such as 10.20.0.0/24, got ${JSON.stringify(text)}`, "Correct the CIDR.");
  const addresses = reservations.map(({ address }) => address);
  const outside = [gateway, ...addresses].find((address) => cidr.indexOf(address) === undefined);
  if (outside !== undefined)
    throw failure("ADDRESS_OUTSIDE_NETWORK", `${noun}: ${outside} is not in ${text}`, `Choose an address in ${text}.`);
  const items = [...addresses, ...reservations.map(({ mac }) => mac.toLowerCase())];
  const twice = items.find((item, index) => items.indexOf(item) !== index);
  if (twice !== undefined) throw failure("DUPLICATE_ITEM", `${noun}: ${twice} is reserved twice`, "Give each MAC and address to one only.");
}

/** Active networks share neither addresses nor a bridge. */
function checkRoom({ networks }: MemoryState, { id, spec }: MemoryNetwork): void {
  // What the host has is for everybody.
  if (spec.mode === "bridged") return;
  const block = ({ cidr }: MemoryNetwork["spec"]): Cidr | undefined => (cidr === undefined ? undefined : Cidr.parse(cidr));
  const meets = (other: MemoryNetwork["spec"]): boolean => {
    const [here, there] = [block(spec), block(other)];
    return (here && there && here.overlaps(there)) === true || (other.mode !== "bridged" && other.bridge === spec.bridge);
  };
  const other = networks.find((network) => network.id !== id && network.active && meets(network.spec));
  if (!other) return;
  throw failure(
    "NETWORK_IN_USE",
    `network ${JSON.stringify(spec.name)} (${spec.cidr ?? spec.mode}, bridge ${spec.bridge}) meets network ${JSON.stringify(other.spec.name)} (${other.spec.cidr ?? other.spec.mode}, bridge ${other.spec.bridge})`,
    "Choose another CIDR for the network, or remove what uses it (`terrarium list`).",
  );
}

/** Without keys that are there and undefined: they would hide what the object has. */
function defined(spec: NetworkSpec): NetworkSpec {
  const { bridge, ...rest } = spec;
  return bridge === undefined ? rest : spec;
}
