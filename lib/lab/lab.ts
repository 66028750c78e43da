import type { LabGuestSettings } from "./guest-settings.ts";
import type { Text } from "./text.ts";

/**
 * The normalized lab: every default, name, address and MAC explicit. All later stages read this and nothing else. It is plain JSON
 * (sizes in bytes, durations in milliseconds), holds no secret and no fact of the machine, and equal input gives an equal lab.
 */
export interface Lab {
  /** Version of this shape, for the copies kept on disk. */
  readonly format: 1;
  readonly name: string;
  readonly hypervisor: "kvm" | "virtualbox";
  /** `libvirt`: dmacvicar/libvirt. `terrarium`: ours; VirtualBox always. */
  readonly provider: "libvirt" | "terrarium";
  /** Every host that has sandboxes or that the lock still lists, by name. */
  readonly hosts: Readonly<Record<string, LabHost>>;
  readonly images: Readonly<Record<string, LabImage>>;
  /** Networks on each host, own networks of sandboxes included; the key is `<host>/<name>`. */
  readonly networks: Readonly<Record<string, LabNetwork>>;
  /** After `count` and `forEach`: `web-1`, `web-2` … */
  readonly sandboxes: Readonly<Record<string, LabSandbox>>;
  /** Who is to reach whom, as written. Absent: nothing was. */
  readonly reach?: readonly LabReach[];
  /** Terraform backend: its type → its settings. Absent: the local default. */
  readonly backend?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface LabReach {
  readonly from: string;
  /** A sandbox, or an address. */
  readonly to: string;
  readonly address: string;
  /** TCP; absent: ping. */
  readonly port?: number;
  readonly reaches: boolean;
}

export interface LabHost {
  readonly name: string;
  /** As written; absent: the machine's own choice (its libvirtd where that answers, else `embedded`). */
  readonly uri?: string;
  /** False for a host that only the lock still lists: nothing is on it any more, but its provider block stays until it was applied. */
  readonly inUse: boolean;
}

export type ImageSource =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "url"; readonly url: string; readonly sha256: string }
  | {
      readonly kind: "bootstrap";
      readonly distribution: "debian" | "ubuntu";
      readonly suite: string;
      readonly packages: readonly string[];
      readonly mirror?: string;
    };

export interface LabImage {
  readonly name: string;
  readonly source: ImageSource;
  /**
   * Names the copy on a host, `/var/lib/terrarium/images/<digest>.qcow2`: SHA-256 (hex) of the source file, or of the recipe for `bootstrap`.
   */
  readonly digest: string;
  /** Virtual size in bytes, where known. */
  readonly size?: number;
}

/** How a network leads on. `docs/networks-and-addresses.md` says what each means. */
export type LabNetworkMode = "nat" | "isolated" | "routed" | "bridged" | "none";

export interface LabNetwork {
  /** The name in the lab; an own network has its sandbox's name. */
  readonly name: string;
  readonly host: string;
  /** The sandbox whose own network it is. */
  readonly ownedBy?: string;
  readonly mode: LabNetworkMode;
  /** `10.20.0.0/24`. `bridged` and `none`: only if it was written. */
  readonly cidr?: string;
  /** The host's address in it, the first one. `bridged`: the router there, if it was written. `none`: absent. */
  readonly gateway?: string;
  readonly domain: string;
  /** Name of the bridge on the host, at most 15 characters. `bridged`: the host's own; absent for one on an `interface`. */
  readonly bridge?: string;
  /** `bridged`: a NIC of the host. */
  readonly interface?: string;
  readonly vlan?: number;
  /** The bridge is one of Open vSwitch. */
  readonly openvswitch?: true;
  /** Largest packet in bytes. Absent: 1500. */
  readonly mtu?: number;
  /** No spanning tree protocol on our bridge. */
  readonly stp?: false;
  /** `nat`: ports of the host that its connections leave from. Absent: 1024 to 65535. */
  readonly ports?: { readonly first: number; readonly last: number };
  readonly dns?: {
    /** Upstream servers; none: the host's. */
    readonly servers: readonly string[];
    /** Name → address. */
    readonly records: Readonly<Record<string, string>>;
  };
  /**
   * Addresses that DHCP gives to one MAC only. Provider `libvirt`: a block, reserved when the network is made, whoever is in it. Provider `terrarium`: those of the sandboxes in
   * it, each with its name.
   */
  readonly reservations: readonly LabReservation[];
  readonly overrides: Readonly<Record<string, unknown>>;
}

export interface LabReservation {
  readonly mac: string;
  readonly address: string;
  /** Whose it is: provider `terrarium` only. */
  readonly sandbox?: string;
}

export interface LabNic {
  /** Name of the network in the lab; the `LabNetwork` is `<host>/<network>`. */
  readonly network: string;
  /** Name in the guest, at most 15 characters. */
  readonly name: string;
  /** `02:…`, lower case. On `bridged` networks two bytes are `**`: they come from the deployment's id (`deploymentMac`). */
  readonly mac: string;
  /** Absent: nobody knows before the guest has it (`bridged`), or it has none (`none`). */
  readonly address?: string;
  /** Length of the network's prefix, 0 to 32; with `address`. */
  readonly prefix?: number;
  /**
   * `dhcp`: reserved in the network, or asked for in a `bridged` one. `static`: written into the guest, because it lies outside what provider `libvirt` has reserved, or
   * because nobody there gives it. `none`: the NIC gets no address.
   */
  readonly addressing: "dhcp" | "static" | "none";
  /** Absent on networks that lead nowhere, and on every NIC but the first that does. */
  readonly gateway?: string;
  /** The default route leads here, by a router that only DHCP will tell. */
  readonly defaultRoute?: true;
  readonly nameserver?: string;
  readonly domain: string;
  /** Written ones: what the guest asks instead of `nameserver`. */
  readonly nameservers?: readonly string[];
  /** Further domains in which short names are searched. */
  readonly search?: readonly string[];
  readonly routes?: readonly LabRoute[];
  /** Largest packet in bytes. Absent: 1500. */
  readonly mtu?: number;
  /** `slaac`, `dhcp`, or an address with its prefix. Absent: what the guest does by itself. */
  readonly ipv6?: string;
  readonly vlans?: readonly LabVlan[];
}

/** A route in the guest. */
export interface LabRoute {
  /** A block of either family; `0.0.0.0/0` and `::/0` for everywhere. */
  readonly to: string;
  readonly via: string;
  readonly metric?: number;
}

/** A VLAN on top of a NIC. The hypervisor knows nothing of it. */
export interface LabVlan {
  readonly id: number;
  /** Name in the guest: `<nic>.<id>`, at most 15 characters. */
  readonly name: string;
  readonly addressing: "dhcp" | "static" | "none";
  /** With its prefix; with `static`. */
  readonly address?: string;
  readonly gateway?: string;
  /** The default route leads here, by a router that only DHCP will tell. */
  readonly defaultRoute?: true;
  readonly nameservers?: readonly string[];
  readonly search?: readonly string[];
  readonly routes?: readonly LabRoute[];
  readonly mtu?: number;
  readonly ipv6?: string;
}

/** A port of the host that leads into the guest. */
export interface LabForward {
  /** Unique in the sandbox: `tcp-80`. */
  readonly name: string;
  readonly protocol: "tcp" | "udp";
  /** Of the host. */
  readonly address: string;
  readonly hostPort: number;
  readonly guestPort: number;
}

export interface LabDisk {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

export type LabProbe =
  | { readonly tcp: number }
  | { readonly http: { readonly port: number; readonly path: string; readonly status: number } }
  | { readonly exec: string };

export interface LabCloudInit {
  /** Host name in the guest. Absent: the sandbox's name. */
  readonly hostname?: string;
  /** Absent: host name and domain of the first network. */
  readonly fqdn?: string;
  /** Absent where none is declared. */
  readonly settings?: LabGuestSettings;
  readonly packages: readonly string[];
  readonly runCmd: readonly (Text | readonly Text[])[];
  readonly writeFiles: readonly {
    readonly path: string;
    readonly content: Text;
    readonly permissions: string;
    readonly owner: string;
    readonly append: boolean;
    readonly defer: boolean;
  }[];
  /** The user's own user-data, whole; several parts of it as a list. */
  readonly userData?: Text | readonly Text[];
  /** The user's own vendor-data. */
  readonly vendorData?: Text | readonly Text[];
  /** Further keys of the meta-data. */
  readonly metaData?: Readonly<Record<string, unknown>>;
  /** The user's own network-config. */
  readonly networkConfig?: Readonly<Record<string, unknown>>;
  /** What a change of all this does to a sandbox that is there. Absent: cloud-init runs again. */
  readonly onChange?: "rebuild" | "ignore";
}

export interface LabSandbox {
  readonly name: string;
  /** The name it was written under, before `count` and `forEach`: where diagnostics point. */
  readonly writtenAs: string;
  readonly host: string;
  readonly image: string;
  readonly cpus: number;
  /** CPUs that it can have without a reboot. Absent: none but `cpus`. */
  readonly maxCpus?: number;
  /** Bytes. */
  readonly memory: number;
  /** Bytes that it can have without a reboot. Absent: none but `memory`. */
  readonly maxMemory?: number;
  /** Size of the root disk in bytes. */
  readonly disk: number;
  readonly disks: readonly LabDisk[];
  readonly nics: readonly LabNic[];
  /** Absent: none. */
  readonly forwards?: readonly LabForward[];
  readonly user: string;
  readonly sshKeys: readonly Text[];
  readonly labels: Readonly<Record<string, string>>;
  readonly autostart: boolean;
  readonly ready: "cloudInit" | "ssh" | "address" | "none";
  readonly probes: readonly LabProbe[];
  /** Milliseconds; `ready` is absent where the default for the host's accelerator applies. */
  readonly timeouts: { readonly ready?: number; readonly shutdown: number };
  readonly protect: boolean;
  readonly seed: "nocloud" | "configdrive" | "none";
  /** Only in a copy that has lost its cloud-init's content (`sharedLab`): the names that its seed has all the same, see `SeedIdentity`. */
  readonly identity?: { readonly contentId: string; readonly cloudInitId: string; readonly networkId?: string };
  readonly cloudInit: LabCloudInit;
  readonly overrides: Readonly<Record<string, unknown>>;
}

/** The name of an object on its host: the lab's name is its prefix. */
export function nameOnHost(lab: Pick<Lab, "name">, name: string): string {
  return `${lab.name}-${name}`;
}

/** The address under which a sandbox's host is in its network; undefined if only networks of others, or a bare wire, lead to it. */
export function addressFromHost({ nics }: Pick<LabSandbox, "nics">): string | undefined {
  return nics.find(isOnHost)?.address;
}

/** True for a NIC in a network that its host serves: it has an address there, and answers names. */
export function isOnHost({ address, nameserver }: LabNic): boolean {
  return address !== undefined && nameserver !== undefined;
}

/** The key of a network in `Lab.networks`. */
export function networkKey(host: string, name: string): string {
  return `${host}/${name}`;
}
