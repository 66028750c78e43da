import type { NetworkRecord, SandboxRecord } from "../../../hypervisor/hypervisor.ts";
import { sizeAsWritten } from "../unit-text.ts";
import type { SandboxState } from "./schema.ts";

/** What stands beside a sandbox on its host, to tell ids from the paths and names that the host speaks of. */
export interface Surroundings {
  readonly networks: readonly NetworkRecord[];
  /** Ids of disks and seeds, by their path; one that is missing has its path for an id. */
  readonly ids: ReadonlyMap<string, string>;
}

/** What the host has, as a state; what the host does not know is the prior state's. Pure. */
export function sandboxState(record: SandboxRecord, surroundings: Surroundings, prior: Partial<SandboxState>): SandboxState {
  const idOf = (path: string): string => surroundings.ids.get(path) ?? path;
  const files = (kind: "disk" | "cdrom"): string[] =>
    record.disks.flatMap((disk) => (disk.kind === kind && disk.file !== undefined ? [idOf(disk.file)] : []));
  return {
    name: record.owner?.name ?? prior.name ?? record.name,
    cpus: record.cpus,
    max_cpus: record.maxCpus ?? null,
    memory: sizeAsWritten(record.memoryBytes, prior.memory),
    max_memory: record.maxMemoryBytes === undefined ? null : sizeAsWritten(record.maxMemoryBytes, prior.max_memory),
    disks: diskOrder(files("disk"), prior.disks ?? []),
    seed: files("cdrom")[0] ?? null,
    nics: nicsOf(record, surroundings.networks, prior.nics ?? []),
    forwards: record.forwards ? forwardMap(record.forwards) : (prior.forwards ?? {}),
    labels: record.owner?.labels ?? {},
    autostart: record.autostart,
    running: isOn(record),
    protect: prior.protect ?? false,
    shutdown_timeout: prior.shutdown_timeout ?? "60s",
    id: record.id,
    host_name: record.name,
    console_log: record.consoleLog ?? null,
    change: prior.change ?? "created",
  };
}

/** The one to boot from is first; the order of others means nothing to the host: it is the state's. */
function diskOrder([first, ...others]: readonly string[], prior: readonly string[]): string[] {
  return first === undefined ? [] : [first, ...asBefore(others, prior.slice(1), (id) => id)];
}

/** Those that the state has in its order, then those that it does not know. */
function asBefore<T>(found: readonly T[], prior: readonly T[], key: (item: T) => string): T[] {
  const before = prior.map(key);
  const rank = (item: T): number => (before.includes(key(item)) ? before.indexOf(key(item)) : before.length);
  return found.toSorted((one, other) => rank(one) - rank(other));
}

/** A paused one is not stopped: starting it would not be what it needs. */
function isOn({ state }: SandboxRecord): boolean {
  return state === "running" || state === "paused";
}

function nicsOf(record: SandboxRecord, networks: readonly NetworkRecord[], prior: SandboxState["nics"]): SandboxState["nics"] {
  const found = record.nics.map(({ mac, network: name, bridge }) => {
    const network = networks.find((candidate) => candidate.name === name || candidate.id === name);
    const id = network?.id ?? name ?? bridge ?? "";
    const former = prior.find((nic) => nic.mac === mac && nic.network === id);
    // The host knows an address by the network's reservation only.
    const reserved = network?.reservations?.find((reservation) => reservation.mac === mac)?.address ?? null;
    return { network: id, mac, address: former ? former.address : reserved };
  });
  return asBefore(found, prior, ({ mac }) => mac);
}

function forwardMap(forwards: NonNullable<SandboxRecord["forwards"]>): SandboxState["forwards"] {
  return Object.fromEntries(
    forwards.map(({ name, protocol, hostAddress, hostPort, guestPort }) => [
      name,
      { protocol, host_address: hostAddress, host_port: hostPort, guest_port: guestPort },
    ]),
  );
}
