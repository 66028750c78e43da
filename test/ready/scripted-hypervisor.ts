import { DiagnosticError } from "../../lib/diagnostics/diagnostic-error.ts";
import type { GuestAddress, NicCounters, SandboxRecord } from "../../lib/hypervisor/hypervisor.ts";
import type { Clock } from "../../lib/ready/clock.ts";
import type { WatchedHost } from "../../lib/ready/host-watch.ts";

/** How a sandbox is at a moment. */
export interface Moment {
  /** @default "running"; `absent`: not on the host */
  readonly state?: SandboxRecord["state"] | "absent";
  readonly reason?: string;
  /** Address by MAC. */
  readonly leases?: Readonly<Record<string, string>>;
  readonly agentAddresses?: Readonly<Record<string, string>>;
  /** Bytes sent by each NIC. @default 1000 */
  readonly sent?: number;
  readonly agent?: SandboxRecord["agent"];
  readonly files?: Readonly<Record<string, string>>;
  readonly console?: string;
  /** The host itself does not answer. */
  readonly hostLost?: boolean;
}

/** What happens to a sandbox: its moments by seconds since the beginning. */
export type Script = (seconds: number) => Moment;

/** A host whose sandboxes follow a script: for decisions that a real guest cannot be made to provoke at will. Counts how often it is asked. */
export class ScriptedHypervisor implements WatchedHost {
  readonly calls = { listSandboxes: 0, readAddresses: 0, readNicCounters: 0 };
  private readonly clock: Clock;
  private readonly scripts: Readonly<Record<string, Script>>;

  constructor(clock: Clock, scripts: Readonly<Record<string, Script>>) {
    this.clock = clock;
    this.scripts = scripts;
  }

  listSandboxes(): Promise<SandboxRecord[]> {
    this.calls.listSandboxes++;
    const moments = Object.keys(this.scripts).map((name) => [name, this.moment(name)] as const);
    if (moments.some(([, { hostLost }]) => hostLost)) return Promise.reject(lost());
    return Promise.resolve(
      moments.flatMap(([name, { state = "running", reason = "booted", agent = "absent" }]) =>
        state === "absent"
          ? []
          : [
              {
                id: `id-${name}`,
                name,
                state,
                reason,
                cpus: 1,
                memoryBytes: 2 ** 30,
                autostart: false,
                emulated: false,
                nics: [],
                disks: [],
                agent,
              },
            ],
      ),
    );
  }

  readAddresses(ids: readonly string[], source: "lease" | "agent"): Promise<ReadonlyMap<string, readonly GuestAddress[]>> {
    this.calls.readAddresses++;
    return Promise.resolve(
      new Map(
        ids.map((id) => {
          const { leases = {}, agentAddresses = {} } = this.moment(id.slice(3));
          const found = Object.entries(source === "lease" ? leases : agentAddresses);
          return [id, found.map(([mac, address]) => ({ mac, address, prefix: 24, family: "ipv4" as const }))];
        }),
      ),
    );
  }

  readNicCounters(ids: readonly string[]): Promise<ReadonlyMap<string, readonly NicCounters[]>> {
    this.calls.readNicCounters++;
    return Promise.resolve(
      new Map(
        ids.map((id) => {
          const { leases = {}, sent = 1000 } = this.moment(id.slice(3));
          const macs = Object.keys(leases).length > 0 ? Object.keys(leases) : ["02:00:00:00:00:01"];
          return [id, macs.map((mac) => ({ mac, rxBytes: 180, txBytes: sent, rxPackets: 2, txPackets: sent === 0 ? 0 : 10 }))];
        }),
      ),
    );
  }

  readGuestFile(id: string, path: string): Promise<Buffer> {
    const text = this.moment(id.slice(3)).files?.[path];
    if (text !== undefined) return Promise.resolve(Buffer.from(text));
    return Promise.reject(
      new DiagnosticError({
        code: "GUEST_COMMAND_FAILED",
        severity: "error",
        summary: `no such file: ${path}`,
        nextStep: "Check the path.",
      }),
    );
  }

  readConsoleTail(id: string): Promise<Buffer> {
    const { console } = this.moment(id.slice(3));
    if (console !== undefined) return Promise.resolve(Buffer.from(console));
    return Promise.reject(
      new DiagnosticError({
        code: "CONSOLE_UNREADABLE",
        severity: "error",
        summary: "it is on another machine",
        nextStep: "Read it there.",
      }),
    );
  }

  private moment(name: string): Moment {
    return this.scripts[name]?.(this.clock.now() / 1000) ?? { state: "absent" };
  }
}

function lost(): DiagnosticError {
  return new DiagnosticError({ code: "HOST_LOST", severity: "error", summary: "the connection broke off", nextStep: "Try again." });
}
