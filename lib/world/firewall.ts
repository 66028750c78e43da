import { Cidr } from "../units/cidr.ts";

/** The chains of a host's packet filters, nftables and iptables alike, as far as rules need them. */
export interface Ruleset {
  readonly chains: readonly FirewallChain[];
  /** How libvirt adds its rules: into iptables' own chains, or into a table of its own. Undefined: not known. */
  readonly libvirt?: "iptables-nft" | "iptables-legacy" | "nftables";
}

export interface FirewallChain {
  readonly kind: "nftables" | "iptables-legacy";
  /** `ip`, `ip6`, `inet`, `bridge` … */
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** Of chains that packets enter by themselves: `forward`, `input` … */
  readonly hook?: string;
  readonly policy?: "accept" | "drop";
  readonly rules: readonly FirewallRule[];
}

export interface FirewallRule {
  readonly matches: readonly FirewallMatch[];
  /** `drop` stands for `reject`, too. Absent: the rule decides nothing. */
  readonly action?: "accept" | "drop" | "return" | { readonly jump: string } | { readonly goto: string };
}

/** A condition; `other`: one that is not understood here. */
export interface FirewallMatch {
  readonly on: "inbound" | "outbound" | "source" | "destination" | "protocol" | "port" | "state" | "other";
  readonly not: boolean;
  /** Names of interfaces may end in `*`, addresses are blocks. */
  readonly values: readonly string[];
}

/** The first packet of a connection. */
export interface Packet {
  readonly inbound: string;
  readonly outbound?: string;
  readonly source: string;
  readonly destination: string;
  readonly protocol: "tcp" | "udp";
  readonly port: number;
}

/**
 * What a chain does with a packet. A condition that is not understood is taken for not met.
 *
 * @returns `drop` only if it surely ends there
 */
export function verdictOf({ chains }: Ruleset, chain: FirewallChain, packet: Packet): "accept" | "drop" {
  const walk = (at: FirewallChain, depth: number): "accept" | "drop" | undefined => {
    for (const { matches, action } of at.rules) {
      if (action === undefined || !matches.every((match) => isMet(match, packet))) continue;
      if (action === "accept" || action === "drop") return action;
      if (action === "return") return undefined;
      const name = "jump" in action ? action.jump : action.goto;
      const target = chains.find(
        (other) => other.name === name && other.table === at.table && other.family === at.family && other.kind === at.kind,
      );
      // Kernels refuse chains that lead into each other in a circle; a reader of text cannot.
      const verdict = target && depth < 16 ? walk(target, depth + 1) : undefined;
      if (verdict !== undefined || "goto" in action) return verdict;
    }
    return undefined;
  };
  return walk(chain, 0) ?? chain.policy ?? "accept";
}

function isMet({ on, not, values }: FirewallMatch, packet: Packet): boolean {
  if (on === "other") return false;
  const met = values.some((value) => {
    if (on === "inbound") return nameMatches(value, packet.inbound);
    if (on === "outbound") return packet.outbound !== undefined && nameMatches(value, packet.outbound);
    if (on === "source") return contains(value, packet.source);
    if (on === "destination") return contains(value, packet.destination);
    if (on === "protocol") return value === packet.protocol;
    if (on === "port") return inRange(value, packet.port);
    return value === "new";
  });
  return met !== not;
}

/** `virbr*`, or iptables' `virbr+`. */
function nameMatches(pattern: string, name: string): boolean {
  return /[*+]$/.test(pattern) ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

function contains(block: string, address: string): boolean {
  return block.includes("/") ? Cidr.tryParse(block)?.indexOf(address) !== undefined : block === address;
}

/** `53`, `1024-65535`, or iptables' `1024:65535`. */
function inRange(range: string, port: number): boolean {
  const [low = "", high = low] = range.split(/[-:]/);
  return port >= Number(low) && port <= Number(high);
}
