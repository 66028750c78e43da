import type { Owner } from "../hypervisor/hypervisor.ts";
import type { Ruleset } from "./firewall.ts";

/**
 * What a host has that a lab could be in the way of, or that could be in a lab's way. A plain value: rules look at it and at nothing else. For an embedded host
 * it is what is in its network namespace.
 */
export interface World {
  /** The host's name in the lab. */
  readonly host: string;
  readonly links: readonly Link[];
  /** Of all tables; without those of the host's own addresses, and without default routes. */
  readonly routes: readonly Route[];
  /** The device of the default route. */
  readonly uplink?: string;
  /** Networks of the hypervisor, and those of container engines that need not be up to be there. */
  readonly networks: readonly KnownNetwork[];
  readonly sockets: readonly ListeningSocket[];
  readonly forwarding: Forwarding;
  readonly firewall: Ruleset;
  /** In the order in which the first that matches counts. */
  readonly networkFiles: readonly NetworkFile[];
  /** Blocks that VirtualBox allows for host-only networks. @default - its own: 192.168.56.0/21 */
  readonly hostOnlyBlocks?: readonly string[];
  /** What could not be read, and why: one sentence each. */
  readonly unread: readonly string[];
}

/** A network interface. */
export interface Link {
  readonly name: string;
  /** The kernel's word: `bridge`, `tun`, `wireguard`, `veth`, `dummy` … Absent for hardware. */
  readonly kind?: string;
  /** With prefix: `10.20.0.1/24`, `fd00::1/64`. */
  readonly addresses: readonly string[];
}

export interface Route {
  /** `10.20.0.0/24` */
  readonly block: string;
  readonly device?: string;
  readonly via?: string;
  /** `main`, or a table's name or number. */
  readonly table: string;
  /** `unicast`, `blackhole`, `unreachable`, `prohibit` … */
  readonly type: string;
}

export interface KnownNetwork {
  readonly name: string;
  /** Who made it, as one says it: `libvirt`, `Podman`, `VirtualBox`. */
  readonly by: string;
  readonly owner?: Owner;
  readonly active: boolean;
  /** `nat`, `isolated`, `routed` …; absent for those of container engines. */
  readonly mode?: string;
  readonly bridge?: string;
  readonly blocks: readonly string[];
}

export interface ListeningSocket {
  readonly protocol: "tcp" | "udp";
  /** `0.0.0.0` and `::` for all addresses. */
  readonly address: string;
  readonly port: number;
}

export interface Forwarding {
  /** Undefined where it could not be read. */
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
  /** True if packets that stay in a bridge pass through iptables, too (`br_netfilter`). */
  readonly bridgeFiltered: boolean;
  /** Files that switch forwarding off whenever settings are loaded. */
  readonly offIn: readonly string[];
}

/** A file by which a network service takes hold of interfaces. */
export interface NetworkFile {
  readonly service: "systemd-networkd" | "NetworkManager";
  readonly file: string;
  /** Patterns of names with `*` and `?`, `!` before one that is excepted; `*` where names do not matter. */
  readonly names: readonly string[];
  /** True if it says that these are to be left alone. */
  readonly unmanaged: boolean;
}
