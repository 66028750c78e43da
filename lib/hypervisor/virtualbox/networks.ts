import { join } from "node:path";
import type { NetworkRecord, OwnerFilter } from "../hypervisor.ts";
import { networkChange } from "../network-change.ts";
import type { NetworkMode, NetworkSpec, Reservation } from "../provisioning.ts";
import { checkNetwork, type CheckedNetwork } from "./check-network.ts";
import { readView, type View, type VirtualBox } from "./host.ts";
import { withLockFile } from "./lock-file.ts";
import { matchesOwner, networkKey, networkPrefix, notFound, readJson, readOwner, stranger, toAscii, unsupported } from "./owner.ts";
import { unlessOvertaken } from "./overtaken.ts";

/**
 * `nat` is a NAT network, `isolated` an internal network, which exists by its name alone. Both have a DHCP server of their own. Whose it is, its mode, domain and reserved names are in the
 * global extra data: written first and removed last, so that nothing of ours is ever without it.
 */
export async function createNetwork(box: VirtualBox, spec: NetworkSpec): Promise<NetworkRecord> {
  const checked = checkNetwork(spec);
  return await withNetwork(box, spec.name, async () => {
    const view = await readView(box);
    const found = recordOf(view, spec.name);
    if (found && found.owner?.deployment !== spec.owner.deployment) throw stranger("network", spec.name, found.owner);
    const former = found && specOf(view, spec.name);
    if (former && networkChange({ ...former, owner: spec.owner }, spec) === "replace") throw otherNetwork(spec);
    return await unlessOvertaken(() => bring(box, spec, checked));
  });
}

export async function updateNetwork(box: VirtualBox, id: string, spec: NetworkSpec): Promise<NetworkRecord> {
  const checked = checkNetwork(spec);
  return await withNetwork(box, id, async () => {
    const former = specOf(await readView(box), id);
    if (!former) throw notFound("network", id);
    if (networkChange({ ...former, owner: spec.owner }, spec) === "replace") throw otherNetwork(spec);
    return await unlessOvertaken(() => bring(box, spec, checked));
  });
}

export async function listNetworks(box: VirtualBox, filter: OwnerFilter = {}): Promise<NetworkRecord[]> {
  const view = await readView(box);
  return networkNames(view)
    .flatMap((name) => recordOf(view, name) ?? [])
    .filter(({ owner }) => matchesOwner(owner, filter));
}

export async function removeNetwork(box: VirtualBox, id: string): Promise<void> {
  await withNetwork(box, id, async () => {
    const { vbox } = box;
    const view = await readView(box);
    if (view.natNetworks.some(({ name }) => name === id))
      await vbox.tryRun(["natnetwork", "remove", "--netname", id], ["OBJECT_NOT_FOUND"]);
    // It outlives its network.
    if (view.dhcpServers.some(({ network }) => network === id))
      await vbox.tryRun(["dhcpserver", "remove", "--network", id], ["OBJECT_NOT_FOUND"]);
    if (view.extraData.has(networkKey(id))) await vbox.run(["setextradata", "global", networkKey(id)]);
  });
}

/** Names of all networks that sandboxes can be in, by mode. */
export function networksByMode(view: View): Map<string, NetworkMode> {
  return new Map(
    networkNames(view).flatMap((name) => {
      const record = recordOf(view, name);
      return record ? [[name, record.mode === "nat" ? ("nat" as const) : ("isolated" as const)] as const] : [];
    }),
  );
}

function networkNames({ natNetworks, extraData }: View): string[] {
  const ours = [...extraData.keys()].filter((key) => key.startsWith(networkPrefix)).map((key) => key.slice(networkPrefix.length));
  return [...new Set([...natNetworks.map(({ name }) => name), ...ours])].sort();
}

function recordOf(view: View, name: string): NetworkRecord | undefined {
  const nat = view.natNetworks.find((network) => network.name === name);
  const dhcp = view.dhcpServers.find(({ network }) => network === name);
  const spec = specOf(view, name);
  if (!spec) return nat && { id: name, name, active: nat.enabled, mode: "nat", addresses: [nat.cidr.replace(/0\/(\d+)$/, "1/$1")] };
  const names = new Map(spec.reservations.map(({ mac, name: host }) => [mac.toLowerCase(), host]));
  return {
    id: name,
    name,
    owner: spec.owner,
    active: (dhcp?.enabled ?? false) && (spec.mode === "isolated" || (nat?.enabled ?? false)),
    mode: spec.mode,
    addresses: [`${spec.gateway}/${spec.cidr.split("/")[1]}`],
    domain: spec.domain,
    // As they are, not as they were asked for.
    reservations: [...(dhcp?.reservations ?? [])].map(([mac, address]) => ({ mac, address, ...named(names.get(mac)) })),
    records: [],
  };
}

const named = (name: string | undefined): { readonly name?: string } => (name === undefined ? {} : { name });

/** What a network of ours was asked to be. */
function specOf({ extraData }: View, name: string): NetworkSpec | undefined {
  const text = extraData.get(networkKey(name));
  const owner = readOwner(text);
  if (!owner) return undefined;
  const value = readJson(text);
  const word = (key: string): string => (typeof value[key] === "string" ? value[key] : "");
  const list = Array.isArray(value["reservations"]) ? (value["reservations"] as readonly Reservation[]) : [];
  return {
    owner,
    name,
    mode: value["mode"] === "nat" ? "nat" : "isolated",
    cidr: word("cidr"),
    gateway: word("gateway"),
    domain: word("domain"),
    reservations: list,
    records: [],
  };
}

async function bring(box: VirtualBox, spec: NetworkSpec, { cidr, dhcp }: CheckedNetwork): Promise<NetworkRecord> {
  const { vbox } = box;
  const { name, owner, mode, gateway, domain, reservations } = spec;
  const before = await readView(box);
  const text = toAscii({ ...owner, mode, cidr: spec.cidr, gateway, domain, reservations });
  if (before.extraData.get(networkKey(name)) !== text) await vbox.run(["setextradata", "global", networkKey(name), text]);
  const nat = before.natNetworks.find((network) => network.name === name);
  const loopback = dhcp.loopback === undefined ? [] : ["--loopback-4", `127.0.0.1=${dhcp.loopback}`];
  if (mode === "nat" && nat?.cidr !== spec.cidr) {
    // A refused `add` leaves a network on 10.0.2.0/24.
    if (nat) await vbox.run(["natnetwork", "remove", "--netname", name]);
    await vbox.run(["natnetwork", "add", "--netname", name, "--network", spec.cidr, "--enable", "--dhcp", "on", ...loopback]);
  } else if (mode === "nat" && (nat?.enabled === false || (dhcp.loopback !== undefined && nat?.loopback !== dhcp.loopback)))
    await vbox.run(["natnetwork", "modify", "--netname", name, "--enable", "--dhcp", "on", ...loopback]);

  const server = before.dhcpServers.find(({ network }) => network === name);
  const addresses = ["--server-ip", dhcp.server, "--netmask", cidr.netmask, "--lower-ip", dhcp.lower, "--upper-ip", dhcp.upper, "--enable"];
  if (!server) await vbox.run(["dhcpserver", "add", "--network", name, ...addresses, ...options(spec)]);
  else if (!server.enabled || server.address !== dhcp.server || server.lower !== dhcp.lower || server.upper !== dhcp.upper)
    await vbox.run(["dhcpserver", "modify", "--network", name, ...addresses]);

  const wanted = new Map(reservations.map((reservation) => [reservation.mac.toLowerCase(), reservation]));
  const have = server?.reservations ?? new Map<string, string>();
  const gone = [...have]
    .filter(([mac, address]) => wanted.get(mac)?.address !== address)
    .map(([mac]) => ["--mac-address", mac, "--remove-config"]);
  const made = [...wanted]
    .filter(([mac, { address }]) => have.get(mac) !== address)
    .map(([mac, { address }]) => ["--mac-address", mac, "--fixed-address", address]);
  // The old ones first: addresses may change hands. Some at a time: a command line has an end.
  for (const scopes of [...chunks(gone), ...chunks(made)]) await vbox.run(["dhcpserver", "modify", "--network", name, ...scopes.flat()]);
  const record = recordOf(await readView(box), name);
  if (!record) throw notFound("network", name);
  return record;
}

/** Without a route out of an isolated network; a NAT network's own DNS proxy is its gateway. */
function options({ mode, gateway, domain }: NetworkSpec): string[] {
  const route = mode === "nat" ? ["--set-opt", "3", gateway, "--set-opt", "6", gateway] : [];
  return ["--global", ...route, "--set-opt", "15", domain];
}

function chunks<T>(list: readonly T[], size = 50): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}

function withNetwork<T>({ layout }: VirtualBox, name: string, work: () => Promise<T>): Promise<T> {
  return withLockFile(join(layout.locks, `network-${name.replace(/[^\w.-]/g, "_")}`), work);
}

function otherNetwork({ name }: NetworkSpec): ReturnType<typeof unsupported> {
  return unsupported(`the change of network "${name}" makes another network of it`, "Remove the network, then create it.");
}
