import type { AddressSource, GuestAddress, Hypervisor, NicCounters, SandboxRecord } from "../hypervisor/hypervisor.ts";
import type { Clock } from "./clock.ts";

/** What waiting reads of a hypervisor. It changes nothing. */
export type WatchedHost = Pick<Hypervisor, "listSandboxes" | "readAddresses" | "readNicCounters" | "readGuestFile" | "readConsoleTail">;

/** An address of a NIC, and who says so. */
export interface NicAddress {
  /** Lower case. */
  readonly mac: string;
  readonly address: string;
  readonly source: AddressSource;
}

interface Look<T> {
  readonly at: number;
  readonly answer: Promise<T>;
}

/** A look at a host that all who wait share: a hundred of them ask a hundred times, the host is asked once. */
export class HostWatch {
  private readonly host: WatchedHost;
  private readonly clock: Clock;
  private readonly maxAge: number;
  private readonly looks = new Map<string, Look<unknown>>();
  /** Those whose addresses somebody waits for, by id. */
  private readonly awaited = new Set<string>();

  /** @param maxAge milliseconds that an answer is good for */
  constructor(host: WatchedHost, clock: Clock, maxAge = 1000) {
    this.host = host;
    this.clock = clock;
    this.maxAge = maxAge;
  }

  /** Undefined if the host has no sandbox of that name. */
  async read(name: string): Promise<SandboxRecord | undefined> {
    return (await this.list()).find((sandbox) => sandbox.name === name);
  }

  private async list(): Promise<readonly SandboxRecord[]> {
    return await this.look("sandboxes", async () => await this.host.listSandboxes());
  }

  /**
   * Addresses of a running sandbox; from the agent only where that is connected: one that hangs takes five seconds.
   *
   * @param elsewhere somebody else than the host may have given one: then its neighbours are looked at, too
   */
  async addresses({ id, agent }: Pick<SandboxRecord, "id" | "agent">, elsewhere = false): Promise<readonly NicAddress[]> {
    const sources: AddressSource[] = [
      "lease",
      ...(agent === "connected" ? (["agent"] as const) : []),
      ...(elsewhere ? (["neighbour"] as const) : []),
    ];
    const found = await Promise.all(
      sources.map(async (source) => {
        const all = await this.lookAtRunning(id, source, async (ids) => await this.host.readAddresses(ids, source));
        return (all.get(id) ?? []).map(({ mac, address }: GuestAddress) => ({ mac: mac.toLowerCase(), address, source }));
      }),
    );
    return found.flat();
  }

  async counters({ id }: Pick<SandboxRecord, "id">): Promise<readonly NicCounters[]> {
    const all = await this.lookAtRunning(id, "counters", async (ids) => await this.host.readNicCounters(ids));
    return all.get(id) ?? [];
  }

  private async lookAtRunning<T>(
    id: string,
    what: string,
    read: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>,
  ): Promise<ReadonlyMap<string, T>> {
    const isNew = !this.awaited.has(id);
    this.awaited.add(id);
    return await this.look(
      what,
      async () => {
        // Of those that were running a moment ago: one that has gone meanwhile must not spoil the answer for the others.
        const sandboxes = await this.list();
        return await read(sandboxes.filter((one) => one.state === "running" && this.awaited.has(one.id)).map((one) => one.id));
      },
      isNew,
    );
  }

  private async look<T>(what: string, read: () => Promise<T>, again = false): Promise<T> {
    const earlier = this.looks.get(what);
    if (!again && earlier && this.clock.now() - earlier.at < this.maxAge) return (await earlier.answer) as T;
    const answer = read();
    this.looks.set(what, { at: this.clock.now(), answer });
    return await answer;
  }
}
