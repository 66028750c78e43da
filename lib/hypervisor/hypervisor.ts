/**
 * The contract of a hypervisor driver, bound to one host. Written by the lead so that deploy, ready and the commands can rely on it; `kvm/` implements it.
 *
 * Every method has a timeout of its own and throws `DiagnosticError` (classes of errors: `codes.ts`, group "A hypervisor"). Names are names on the host
 * (`<lab>-<sandbox>`). Reading something that is not there gives undefined or an empty list; ending or removing it does nothing.
 */
export interface Hypervisor {
  /** Every sandbox on the host, ours or not, in as few calls as possible. */
  listSandboxes(): Promise<readonly HostSandbox[]>;
  readSandbox(name: string): Promise<HostSandbox | undefined>;
  listNetworks(): Promise<readonly HostNetwork[]>;
  /** Storage pools with their volumes. */
  listPools(): Promise<readonly HostPool[]>;

  /** Starts it; does nothing if it runs. */
  start(name: string): Promise<void>;
  /**
   * Shuts it down, and cuts its power after `timeout` milliseconds. Does nothing if it is off.
   *
   * @returns how it ended
   */
  stop(name: string, options: { readonly timeout: number; readonly signal?: AbortSignal }): Promise<"shutdown" | "power-cut" | "already-off">;
  /** Cuts its power; does nothing if it is off. */
  powerOff(name: string): Promise<void>;

  /** Addresses of its NICs from DHCP leases and, where it answers, the guest agent. Keyed by MAC, lower case. */
  addresses(name: string): Promise<readonly NicAddress[]>;
  /** Bytes that its NICs have sent and received, from the guest's side. `sent` 0: the guest never spoke. */
  nicCounters(name: string): Promise<readonly NicCounters[]>;
  /** Whether the guest agent has connected. */
  agentConnected(name: string): Promise<boolean>;
  /** A file inside the guest, through the agent; undefined if there is none. Throws AGENT_DOWN if the agent does not answer. At most 1 MiB. */
  readGuestFile(name: string, path: string): Promise<string | undefined>;
  /** What its serial console has said since it was started, raw; undefined where this machine cannot read it. */
  readConsole(name: string): Promise<Uint8Array | undefined>;
  /** Removes what it said, where this machine can; for a sandbox that is gone. */
  removeConsole(name: string): Promise<void>;
  /** Program and arguments that attach this terminal to its serial console. */
  consoleCommand(name: string): readonly [string, ...string[]];

  /** Power off and undefine: its disks stay. */
  removeSandbox(name: string): Promise<void>;
  removeNetwork(name: string): Promise<void>;
  removeVolume(pool: string, name: string): Promise<void>;
  /** The pool and its directory; its volumes must be gone. */
  removePool(name: string): Promise<void>;
  /** Brings a local image file to the host under `directory`, through the storage API; for hosts whose file system is not ours. */
  uploadImage(localPath: string, fileName: string, directory: string): Promise<void>;
}

/** Whose an object is: what we wrote into its metadata. */
export interface Ownership {
  readonly deployment: string;
  readonly lab: string;
  /** Name in the lab. */
  readonly name: string;
  readonly provider: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface HostSandbox {
  readonly name: string;
  readonly uuid: string;
  readonly state: "running" | "paused" | "off" | "crashed" | "other";
  /** The hypervisor's own word for why, `destroyed`, `shutdown`, `booted`. */
  readonly reason?: string;
  readonly accelerator: "kvm" | "tcg";
  /** Absent: not made by Terrarium. */
  readonly owner?: Ownership;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  /** MACs in order, lower case. */
  readonly nics: readonly { readonly mac: string; readonly network?: string }[];
  /** Paths of its disks on the host, seed included. */
  readonly disks: readonly string[];
}

export interface HostNetwork {
  readonly name: string;
  readonly uuid: string;
  readonly active: boolean;
  readonly bridge?: string;
  /** `10.20.0.0/24` each. */
  readonly cidrs: readonly string[];
  readonly owner?: Ownership;
}

export interface HostPool {
  readonly name: string;
  readonly active: boolean;
  readonly path?: string;
  readonly volumes: readonly { readonly name: string; readonly path: string }[];
}

export interface NicAddress {
  readonly mac: string;
  /** Without prefix. */
  readonly address: string;
  readonly source: "lease" | "agent";
}

export interface NicCounters {
  readonly mac: string;
  readonly sent: number;
  readonly received: number;
}
