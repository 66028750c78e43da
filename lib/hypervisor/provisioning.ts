import type { NetworkRecord, Owner, SandboxRecord } from "./hypervisor.ts";

/**
 * The part of the contract that makes and changes objects, for our own Terraform provider.
 *
 * Rules for every driver, held by one conformance suite:
 * - **Idempotent.** `create…` of something that exists under that name and belongs to the same deployment brings it to the specification and returns it: a kill between
 *   making and recording heals by itself. One that belongs to somebody else is `STRANGER`, with whose it is; nothing is touched. `remove…` of nothing does nothing.
 * - **Whole or not at all**, as far as the hypervisor lets: a failed create leaves nothing that the same create cannot take over.
 * - Several calls may run at once, also from several processes on one host: no corruption, no double allocation.
 * - Units: bytes are whole numbers, times milliseconds, MACs lower case with colons, paths absolute on the host.
 * - What a driver cannot do is in its `capabilities`; asked for all the same it throws HYPERVISOR_UNSUPPORTED, before it has changed anything.
 */
export interface Provisioning {
  readonly capabilities: Capabilities;

  /** Makes a network and starts it; it starts with the host from then on. */
  createNetwork(spec: NetworkSpec): Promise<NetworkRecord>;
  /**
   * Brings a network to the specification: reservations and records live, without touching the sandboxes in it; also starts one that somebody stopped.
   *
   * @throws DiagnosticError OBJECT_NOT_FOUND; HYPERVISOR_UNSUPPORTED for what `networkChange` calls "replace"
   */
  updateNetwork(id: string, spec: NetworkSpec): Promise<NetworkRecord>;
  /** What it takes to bring a network from one specification to another: `lib/hypervisor/network-change.ts`. Pure. */
  networkChange(from: NetworkSpec, to: NetworkSpec): NetworkChange;

  /** Puts an image on the host under its digest, verified by the caller, read-only, shared by all labs. Does nothing if it is there completely. */
  placeImage(file: string, digest: string): Promise<ImageRecord>;
  /** Undefined if it is not there, or not completely. */
  findImage(digest: string): Promise<ImageRecord | undefined>;
  /** Removes an image that no disk starts from. @throws DiagnosticError IMAGE_IN_USE */
  removeImage(digest: string): Promise<void>;

  /**
   * One of that name that starts from something else is made anew, unless a sandbox has it.
   *
   * @throws DiagnosticError DISK_MISSING without the image, DISK_SMALLER_THAN_IMAGE, OUT_OF_RANGE if it is there and larger, DISK_IN_USE
   */
  createDisk(spec: DiskSpec): Promise<DiskRecord>;
  /** Makes a disk larger; the guest sees it at once where `capabilities.liveDiskGrowth`. Never smaller: @throws DiagnosticError OUT_OF_RANGE */
  growDisk(id: string, sizeBytes: number): Promise<DiskRecord>;
  /** Those of these that exist, by id, in a few processes whatever their number. */
  listDisks(ids: readonly string[]): Promise<ReadonlyMap<string, DiskRecord>>;
  /** One of a sandbox that is off goes; the sandbox does not start without it. @throws DiagnosticError DISK_IN_USE if it runs */
  removeDisk(id: string): Promise<void>;

  /** Copies a seed image (ISO 9660) to the host, readable by the hypervisor only. Another content under the same name is replaced. */
  createSeed(spec: SeedSpec): Promise<SeedRecord>;
  /** Those of these that exist, by id. */
  listSeeds(ids: readonly string[]): Promise<ReadonlyMap<string, SeedRecord>>;
  removeSeed(id: string): Promise<void>;

  /** Makes a sandbox, and does not start it. */
  createSandbox(spec: SandboxSpec): Promise<SandboxRecord>;
  /**
   * Brings a sandbox to the specification. What `sandboxChange` calls "live" happens in the running guest; for "reboot" one that runs is shut down, changed and started
   * again; one that is off is changed and stays off. An id is taken at its word: the sandbox belongs to the specification's owner afterwards, whoever had it.
   *
   * @throws DiagnosticError OBJECT_NOT_FOUND; HYPERVISOR_UNSUPPORTED for what `sandboxChange` calls "replace"
   */
  updateSandbox(id: string, spec: SandboxSpec, options?: { readonly shutdownTimeout?: number }): Promise<SandboxRecord>;
  /** What it takes to bring a sandbox from one specification to another: `lib/hypervisor/sandbox-change.ts`. Pure. */
  sandboxChange(from: SandboxSpec, to: SandboxSpec): SandboxChange;

  listSnapshots(sandbox: string): Promise<SnapshotRecord[]>;
  /** Keeps disks as they are now, and the memory too if it runs and the hypervisor can. Does nothing if one of that name is there. */
  takeSnapshot(sandbox: string, name: string): Promise<SnapshotRecord>;
  restoreSnapshot(sandbox: string, snapshot: string): Promise<void>;
  removeSnapshot(sandbox: string, snapshot: string): Promise<void>;
}

/** What a hypervisor can do, as data: plans and messages go by it. */
export interface Capabilities {
  readonly hypervisor: "kvm" | "virtualbox" | "memory";
  readonly networkModes: readonly NetworkMode[];
  /** Changes that a running guest takes without a reboot. */
  readonly live: {
    readonly labels: boolean;
    /** Within `maxCpus`; where this is false a specification that has it is HYPERVISOR_UNSUPPORTED. */
    readonly cpus: boolean;
    /** Within `maxMemoryBytes`; as `cpus`. */
    readonly memory: boolean;
    readonly nics: boolean;
    readonly disks: boolean;
    readonly diskGrowth: boolean;
    readonly seed: boolean;
  };
  /** Sandboxes may have `forwards`. */
  readonly forwards: boolean;
  /** Networks may have `records`, and reserved names resolve before their sandbox's first boot. */
  readonly dnsRecords: boolean;
  /** Snapshots of running sandboxes hold the memory, too. */
  readonly memorySnapshots: boolean;
  /** Networks may have `mtu`, `stp`, `ports` and `dnsServers`. */
  readonly networkSettings: boolean;
  /** A guest agent may answer `readGuestFile` and `execInGuest`. */
  readonly agent: boolean;
}

/**
 * `nat`: out through the host, under its address. `isolated`: each other and the host only. `routed`: out through the host, under their own addresses. `bridged`: on a network that the
 * host is on. `none`: each other only; nobody gives addresses. Only the first three are *served*: they have a block, DHCP and names.
 */
export type NetworkMode = "nat" | "isolated" | "routed" | "bridged" | "none";
export type NetworkChange = "none" | "live" | "replace";
/** `reboot`: takes effect only after the guest was off. `replace`: a sandbox of its own; only a new boot disk and a new name ask for it. */
export type SandboxChange = "none" | "live" | "reboot" | "replace";

/** Block, gateway and domain of a network that has them. */
export type Served = Required<Pick<NetworkSpec, "cidr" | "gateway" | "domain">>;

export interface NetworkSpec {
  readonly owner: Owner;
  /** Name on the host. */
  readonly name: string;
  readonly mode: NetworkMode;
  /** `10.20.0.0/24`; of served networks, and only of those. */
  readonly cidr?: string;
  /** The host's address in it; as `cidr`. */
  readonly gateway?: string;
  /** DNS domain of its sandboxes; as `cidr`. */
  readonly domain?: string;
  /** Name of the bridge where the hypervisor has one, at most 15 characters. `bridged`: one that the host has. @default - made from the name, with a hash */
  readonly bridge?: string;
  /** `bridged`, instead of a bridge: a NIC of the host. */
  readonly interface?: string;
  /** `bridged`, with a bridge: VLAN id, 1 to 4094. @default - packets stay as they are */
  readonly vlan?: number;
  /** `bridged`: the bridge is one of Open vSwitch. @default false */
  readonly openvswitch?: boolean;
  /** Largest packet on its bridge, in bytes; not `bridged`, where it is the host's. @default - the host's own default, 1500 */
  readonly mtu?: number;
  /** Spanning tree protocol on its bridge. @default true */
  readonly stp?: boolean;
  /** `nat`: ports of the host that its connections leave from. @default 1024 to 65535 */
  readonly ports?: PortRange;
  /** Served: servers that its DNS server asks. @default - the host's */
  readonly dnsServers?: readonly string[];
  readonly reservations: readonly Reservation[];
  /** Further names that its DNS server answers. */
  readonly records: readonly DnsRecord[];
}

/** Both included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** An address that DHCP gives to one MAC only. With a name, `<name>` and `<name>.<domain>` resolve to it, also before the first lease. */
export interface Reservation {
  readonly mac: string;
  readonly address: string;
  readonly name?: string;
}

export interface DnsRecord {
  readonly address: string;
  /** As asked for: `db`, `db.back.lab.test`. */
  readonly names: readonly string[];
}

export interface ImageRecord {
  readonly digest: string;
  readonly path: string;
  /** What a guest would see, in bytes. */
  readonly sizeBytes: number;
}

export interface DiskSpec {
  readonly owner: Owner;
  /** Name on the host, unique in the deployment: `web`, `web.data`. */
  readonly name: string;
  /** What the guest sees, in bytes. */
  readonly sizeBytes: number;
  /** Digest of the image it starts from; absent: empty. The image is never written to. */
  readonly image?: string;
}

export interface DiskRecord {
  /** For every later call: its path, or the hypervisor's id for it. */
  readonly id: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly image?: string;
}

export interface SeedSpec {
  readonly owner: Owner;
  /** Name on the host, unique in the deployment, ends with `.iso`. */
  readonly name: string;
  /** The image on this machine. */
  readonly file: string;
}

export interface SeedRecord {
  readonly id: string;
  readonly path: string;
}

export interface SandboxSpec {
  /** With the labels. */
  readonly owner: Owner;
  /** Name on the host. */
  readonly name: string;
  readonly cpus: number;
  /** CPUs that it can come to have without a reboot, at least `cpus`. @default - none: other CPUs take a reboot */
  readonly maxCpus?: number;
  readonly memoryBytes: number;
  /** Memory that it can come to have without a reboot, at least `memoryBytes`. @default - none: other memory takes a reboot */
  readonly maxMemoryBytes?: number;
  readonly autostart: boolean;
  /** Ids of disks, the one to boot from first. */
  readonly disks: readonly string[];
  /** Id of the seed in its CD-ROM. */
  readonly seed?: string;
  readonly nics: readonly NicSpec[];
  /** Ports of this machine or of the host that lead into the guest. */
  readonly forwards: readonly ForwardSpec[];
  /** `emulation`: the host cannot run guests on its CPU. @default "hardware"; an existing sandbox keeps what it was made with */
  readonly accelerator?: "hardware" | "emulation";
}

export interface NicSpec {
  readonly mac: string;
  /** Id of the network. */
  readonly network: string;
  /** The address that the guest is going to have, where it is known: forwards lead to it. */
  readonly address?: string;
}

export interface ForwardSpec {
  /** Unique in the sandbox: `ssh`. */
  readonly name: string;
  readonly protocol: "tcp" | "udp";
  /** @default "127.0.0.1" */
  readonly hostAddress?: string;
  /** 0: a free one is chosen, and kept. */
  readonly hostPort: number;
  readonly guestPort: number;
}

export interface SnapshotRecord {
  /** For every later call. */
  readonly id: string;
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** Holds memory, too. */
  readonly running: boolean;
}
