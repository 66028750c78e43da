import type { DnsRecord, PortRange, Reservation } from "./provisioning.ts";

/**
 * The contract of a hypervisor driver: everything that Terrarium does with sandboxes beside Terraform. It speaks the user's words (sandbox,
 * network, disk); a driver translates (libvirt: domain).
 *
 * Every call has a timeout of its own and ends with it. Effects throw DiagnosticError, with the codes of the group "Hypervisor" and, for the
 * connection, HOST_UNREACHABLE, HOST_DENIED, HOST_LOST, HOST_TIMEOUT. HOST_LOST may come after success: read again, do not assume.
 * A sandbox is addressed by its id (libvirt: the UUID), which no rename changes. Bytes are whole numbers, times milliseconds.
 */
export interface Hypervisor {
  /** Versions and capacity of the host. */
  readHost(): Promise<HostFacts>;

  /** All sandboxes on the host, strangers included, in two processes whatever their number. One that vanishes meanwhile is left out. */
  listSandboxes(filter?: OwnerFilter): Promise<SandboxRecord[]>;
  /** Undefined if there is none of that id. */
  readSandbox(id: string): Promise<SandboxRecord | undefined>;
  /** Starts it. Does nothing if it runs. */
  start(id: string): Promise<void>;
  /**
   * Asks the guest to shut down and waits; cuts the power after `timeout`. Does nothing if it is off.
   *
   * @param timeout milliseconds @default 60000
   */
  shutdown(id: string, options?: { readonly timeout?: number }): Promise<ShutdownResult>;
  /** Cuts the power. Does nothing if it is off. */
  powerOff(id: string): Promise<void>;
  /** Asks the guest to reboot, and does not wait. A reboot never applies pending configuration: that takes off and `start`. */
  reboot(id: string): Promise<void>;
  /** Cuts the power and forgets the sandbox, its snapshots' records and saved state. Its disks stay. Does nothing if there is none. */
  remove(id: string): Promise<void>;

  /**
   * Addresses of running sandboxes. Leases are cheap and IPv4 only, and outlive the guest; the agent knows all, and answers only when it runs. `neighbour`: what the host itself has
   * heard of on its networks, for guests that got their address from somebody else; a host that does not listen knows none.
   * A sandbox that has none has an empty list.
   */
  readAddresses(ids: readonly string[], source: AddressSource): Promise<ReadonlyMap<string, readonly GuestAddress[]>>;
  /** Counters of running sandboxes since their start, as the guest sees them: `txBytes` 0 means that it never spoke. */
  readNicCounters(ids: readonly string[]): Promise<ReadonlyMap<string, readonly NicCounters[]>>;

  /** Reads a file in the guest through its agent. @throws AGENT_DOWN, GUEST_COMMAND_FAILED, OUT_OF_RANGE beyond `maxBytes` (1 MiB) */
  readGuestFile(id: string, path: string, options?: { readonly maxBytes?: number }): Promise<Buffer>;
  /** Runs a program in the guest through its agent, as root, without a shell. @throws AGENT_DOWN, GUEST_COMMAND_FAILED, GUEST_TIMEOUT */
  execInGuest(id: string, command: readonly string[], options?: { readonly timeout?: number }): Promise<GuestResult>;

  /** The last bytes of the console log, as written. @throws CONSOLE_UNREADABLE if there is none, or it is not readable from here */
  readConsoleTail(id: string, maxBytes?: number): Promise<Buffer>;
  /** Path of the console log on this machine, whether or not it can be read; undefined if the sandbox has none. */
  consoleFile(id: string): Promise<string | undefined>;
  /** The command that attaches the terminal to the sandbox's console. */
  consoleCommand(id: string): readonly string[];

  listNetworks(filter?: OwnerFilter): Promise<NetworkRecord[]>;
  /** Stops and forgets a network. NICs of running sandboxes are cut off. Does nothing if there is none. */
  removeNetwork(id: string): Promise<void>;
  listPools(): Promise<PoolRecord[]>;
  /** Forgets a pool; with `volumes`, deletes the volumes in it first, then its directory if that is empty. Does nothing if there is none. */
  removePool(name: string, options?: { readonly volumes?: boolean }): Promise<void>;
  listVolumes(pool: string): Promise<VolumeRecord[]>;
  removeVolume(pool: string, name: string): Promise<void>;
  /**
   * Puts a file into a directory of the host through the storage API: for remote hosts, and where we are not root. An upload that was cut off is
   * not taken for done: see `hasImage`.
   *
   * @returns the file's path on the host
   */
  uploadImage(file: string, target: ImageTarget): Promise<string>;
  /** True if `uploadImage` has put this file there completely. */
  hasImage(target: ImageTarget): Promise<boolean>;
}

/** Who tells an address. */
export type AddressSource = "lease" | "agent" | "neighbour";

/** Whose object it is, kept in its metadata. */
export interface Owner {
  readonly deployment: string;
  readonly lab: string;
  /** The object's name in the lab. */
  readonly name: string;
  /** Which Terraform provider manages it. */
  readonly provider: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Objects of one deployment, or of one lab; strangers' never match. */
export interface OwnerFilter {
  readonly deployment?: string;
  readonly lab?: string;
}

/** `crashed`: its hypervisor process died or it panicked. `paused`: also by the hypervisor itself, as on a full disk (`reason: "ioerror"`). */
export type SandboxState = "running" | "paused" | "off" | "crashed";

export interface SandboxRecord {
  readonly id: string;
  /** Its name on the host. */
  readonly name: string;
  readonly owner?: Owner;
  readonly state: SandboxState;
  /** The hypervisor's word for how it got there: `booted`, `shutdown`, `destroyed`, `ioerror` … */
  readonly reason: string;
  readonly cpus: number;
  /** As in its specification. */
  readonly maxCpus?: number;
  readonly memoryBytes: number;
  /** As in its specification. */
  readonly maxMemoryBytes?: number;
  /** Starts with the host. */
  readonly autostart: boolean;
  /** True if it runs under emulation, 5 to 10 times slower. */
  readonly emulated: boolean;
  readonly nics: readonly { readonly mac: string; readonly network?: string; readonly bridge?: string; readonly device?: string }[];
  readonly disks: readonly { readonly target: string; readonly file?: string; readonly kind: "disk" | "cdrom" }[];
  /** Path on the host. */
  readonly consoleLog?: string;
  /** `absent`: it has no channel for one. */
  readonly agent: "connected" | "disconnected" | "absent";
  /** Ports that lead into the guest, as they are; drivers without `capabilities.forwards` have none. */
  readonly forwards?: readonly Forward[];
}

export interface Forward {
  readonly name: string;
  readonly protocol: "tcp" | "udp";
  readonly hostAddress: string;
  readonly hostPort: number;
  readonly guestPort: number;
}

export type ShutdownResult = "already-off" | "shutdown" | "power-cut";

export interface GuestAddress {
  /** Lower case. */
  readonly mac: string;
  readonly address: string;
  readonly prefix: number;
  readonly family: "ipv4" | "ipv6";
}

export interface NicCounters {
  readonly mac: string;
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly rxPackets: number;
  readonly txPackets: number;
}

export interface GuestResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface NetworkRecord {
  readonly id: string;
  readonly name: string;
  readonly owner?: Owner;
  readonly active: boolean;
  readonly bridge?: string;
  /** `bridged`: the NIC of the host that it is on. */
  readonly interface?: string;
  readonly vlan?: number;
  readonly openvswitch?: boolean;
  readonly mtu?: number;
  /** Absent: true, or there is no bridge. */
  readonly stp?: boolean;
  /** Absent: 1024 to 65535, or not `nat`. */
  readonly ports?: PortRange;
  readonly dnsServers?: readonly string[];
  /** A `NetworkMode`; for networks that we cannot make, the hypervisor's own word: `open`, `hostdev`. */
  readonly mode: string;
  /** Gateway addresses with prefix: `10.20.0.1/24`. */
  readonly addresses: readonly string[];
  /** DNS domain of its sandboxes. */
  readonly domain?: string;
  readonly reservations?: readonly Reservation[];
  /** Names that its DNS server answers beside the reservations'. */
  readonly records?: readonly DnsRecord[];
}

export interface PoolRecord {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  /** Its directory on the host. */
  readonly path?: string;
}

export interface VolumeRecord {
  readonly name: string;
  readonly path: string;
}

export interface ImageTarget {
  /** Absolute directory on the host. */
  readonly directory: string;
  readonly fileName: string;
}

export interface HostFacts {
  readonly hypervisor: string;
  readonly hypervisorVersion: string;
  readonly libraryVersion: string;
  readonly architecture: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** True if the hypervisor offers KVM. Whether a guest really runs under it only a probe tells. */
  readonly offersKvm: boolean;
}
