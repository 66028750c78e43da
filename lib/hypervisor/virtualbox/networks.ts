import { join } from "node:path";
import type { NetworkRecord, OwnerFilter } from "../hypervisor.ts";
import { networkChange } from "../network-change.ts";
import type { NetworkMode, NetworkSpec, Reservation } from "../provisioning.ts";
import { virtualBoxCapabilities } from "./capabilities.ts";
import { checkNetwork, type CheckedNetwork } from "./check-network.ts";
import { readView, type View, type VirtualBox } from "./host.ts";
import { withLockFile } from "./lock-file.ts";
import { matchesOwner, networkKey, networkPrefix, notFound, readJson, readOwner, stranger, toAscii, unsupported } from "./owner.ts";
import { unlessOvertaken } from "./overtaken.ts";

/**
 * `nat` is a NAT network, `isolated` an internal network, which exists by its name alone. Both have a DHCP server of their own; `none` is an internal network without one, `bridged` nothing
 * but what is noted of it. Whose it is, its mode, domain and reserved names are in the
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

/** What a NIC in a network is plugged into. */
export interface NetworkPlug {
  readonly mode: NetworkMode;
  /** `bridged`: the NIC of the host. */
  readonly interface?: string;
}

/** All networks that sandboxes can be in, by name. */
export function networkPlugs(view: View): Map<string, NetworkPlug> {
  return new Map(
    networkNames(view).flatMap((name) => {
      const record = recordOf(view, name);
      if (!record) return [];
      const { interface: nic } = record;
      return [[name, { mode: modeOf(record.mode), ...(nic === undefined ? {} : { interface: nic }) }] as const];
    }),
  );
}

const modeOf = (text: unknown): NetworkMode => virtualBoxCapabilities.networkModes.find((mode) => mode === text) ?? "isolated";

function networkNames({ natNetworks, extraData }: View): string[] {
  const ours = [...extraData.keys()].filter((key) => key.startsWith(networkPrefix)).map((key) => key.slice(networkPrefix.length));
  return [...new Set([...natNetworks.map(({ name }) => name), ...ours])].sort();
}

function recordOf(view: View, name: string): NetworkRecord | undefined {
  const nat = view.natNetworks.find((network) => network.name === name);
  const dhcp = view.dhcpServers.find(({ network }) => network === name);
  const spec = specOf(view, name);
  if (!spec) return nat && { id: name, name, active: nat.enabled, mode: "nat", addresses: [nat.cidr.replace(/0\/(\d+)$/, "1/$1")] };
  const { mode, cidr, gateway, domain, interface: nic } = spec;
  if (cidr === undefined || gateway === undefined || domain === undefined) {
    return {
      id: name,
      name,
      owner: spec.owner,
      active: true,
      mode,
      ...(nic === undefined ? {} : { interface: nic }),
      addresses: [],
      reservations: [],
      records: [],
    };
  }
  const names = new Map(spec.reservations.map(({ mac, name: host }) => [mac.toLowerCase(), host]));
  return {
    id: name,
    name,
    owner: spec.owner,
    active: (dhcp?.enabled ?? false) && (mode === "isolated" || (nat?.enabled ?? false)),
    mode,
    addresses: [`${gateway}/${cidr.split("/")[1]}`],
    domain,
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
  const word = <K extends string>(key: K): { readonly [key in K]?: string } =>
    (typeof value[key] === "string" ? { [key]: value[key] } : {}) as { readonly [key in K]?: string };
  const list = Array.isArray(value["reservations"]) ? (value["reservations"] as readonly Reservation[]) : [];
  return {
    owner,
    name,
    mode: modeOf(value["mode"]),
    ...word("cidr"),
    ...word("gateway"),
    ...word("domain"),
    ...word("interface"),
    reservations: list,
    records: [],
  };
}

async function bring(box: VirtualBox, spec: NetworkSpec, checked: CheckedNetwork | undefined): Promise<NetworkRecord> {
  const { name, owner, mode, reservations } = spec;
  const before = await readView(box);
  const parts = checked ? { cidr: checked.cidr, gateway: checked.gateway, domain: checked.domain } : { interface: spec.interface };
  const text = toAscii({ ...owner, mode, ...parts, reservations });
  if (before.extraData.get(networkKey(name)) !== text) await box.vbox.run(["setextradata", "global", networkKey(name), text]);
  if (checked) await bringServed(box, spec, checked, before);
  const record = recordOf(await readView(box), name);
  if (!record) throw notFound("network", name);
  return record;
}

async function bringServed({ vbox }: VirtualBox, spec: NetworkSpec, checked: CheckedNetwork, before: View): Promise<void> {
  const { name, mode, reservations } = spec;
  const { cidr, block, dhcp } = checked;
  const nat = before.natNetworks.find((network) => network.name === name);
  const loopback = dhcp.loopback === undefined ? [] : ["--loopback-4", `127.0.0.1=${dhcp.loopback}`];
  if (mode === "nat" && nat?.cidr !== cidr) {
    // A refused `add` leaves a network on 10.0.2.0/24.
    if (nat) await vbox.run(["natnetwork", "remove", "--netname", name]);
    await vbox.run(["natnetwork", "add", "--netname", name, "--network", cidr, "--enable", "--dhcp", "on", ...loopback]);
  } else if (mode === "nat" && (nat?.enabled === false || (dhcp.loopback !== undefined && nat?.loopback !== dhcp.loopback)))
    await vbox.run(["natnetwork", "modify", "--netname", name, "--enable", "--dhcp", "on", ...loopback]);

  const server = before.dhcpServers.find(({ network }) => network === name);
  const addresses = [
    "--server-ip",
    dhcp.server,
    "--netmask",
    block.netmask,
    "--lower-ip",
    dhcp.lower,
    "--upper-ip",
    dhcp.upper,
    "--enable",
  ];
  if (!server) await vbox.run(["dhcpserver", "add", "--network", name, ...addresses, ...options(mode, checked)]);
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
}

/** Without a route out of an isolated network; a NAT network's own DNS proxy is its gateway. */
function options(mode: NetworkMode, { gateway, domain }: CheckedNetwork): string[] {
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
