import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { Cidr } from "../../units/cidr.ts";
import { verdictOf, type FirewallChain, type Packet, type Ruleset } from "../firewall.ts";
import { isOnHost, type CheckedNetwork, type WorldCheck } from "../own-world.ts";

/** A place outside that packets are tried with (RFC 5737: nobody's). */
const outside = "192.0.2.1";

/**
 * Checks that no packet filter of the host drops what sandboxes send: out of their networks (`forward`), and to the host itself for DHCP (`input`). Every chain counts for itself: what one accepts
 * another may still drop. Pure.
 */
export function checkFirewall({ lab, world, networks }: WorldCheck): Diagnostic[] {
  if (lab.hypervisor !== "kvm") return [];
  const { firewall, uplink = "eth0" } = world;
  return firewall.chains.flatMap((chain): Diagnostic[] => {
    const dropped = networks.filter((network) =>
      packetsOf(network, chain, { uplink, bridgeFiltered: world.forwarding.bridgeFiltered }, firewall).some(
        (packet) => verdictOf(firewall, chain, packet) === "drop",
      ),
    );
    const [first] = dropped;
    if (first === undefined) return [];
    const names = dropped.map(({ name }) => `"${name}"`).join(", ");
    const what = chain.hook === "input" ? "ask the host for an address" : first.mode === "bridged" ? "send to each other" : "send outside";
    const { program, remedy } = remedyFor(chain, firewall, first.bridge ?? "");
    return [
      {
        code: "FIREWALL_DROPS",
        severity: "warning",
        path: ["networks", first.name],
        summary: `${program} on host "${world.host}" drops what sandboxes in ${names} ${what} (${describe(chain)})`,
        nextStep: `Let it through${dropped.length > 1 ? ", for each of these networks" : ""}: ${remedy}`,
      },
    ];
  });
}

interface Surroundings {
  readonly uplink: string;
  readonly bridgeFiltered: boolean;
}

/** The first packets of what sandboxes do, as the chain would see them; none where libvirt puts its own rules before the chain's. */
function packetsOf(network: CheckedNetwork, chain: FirewallChain, { uplink, bridgeFiltered }: Surroundings, firewall: Ruleset): Packet[] {
  if (!["ip", "inet"].includes(chain.family)) return [];
  const { bridge, cidr, mode } = network;
  const block = cidr === undefined ? undefined : Cidr.tryParse(cidr);
  const source = block?.at(2) ?? "192.0.2.2";
  if (bridge === undefined) return [];
  const to = { source, protocol: "tcp", port: 443 } as const;
  if (chain.hook === "forward" && (mode === "bridged" || mode === "none"))
    return bridgeFiltered ? [{ ...to, inbound: bridge, outbound: bridge, destination: block?.at(3) ?? "192.0.2.3" }] : [];
  if (!isOnHost(network) || holdsRulesOfLibvirt(chain, firewall)) return [];
  if (chain.hook === "forward" && mode !== "isolated") return [{ ...to, inbound: bridge, outbound: uplink, destination: outside }];
  if (chain.hook === "input") return [{ inbound: bridge, source: "0.0.0.0", destination: "255.255.255.255", protocol: "udp", port: 67 }];
  return [];
}

/** In iptables libvirt puts its rules first in the chains that are there; in nftables it has a table of its own, after which the others still drop. */
function holdsRulesOfLibvirt({ kind, family, table, name }: FirewallChain, { libvirt }: Ruleset): boolean {
  if (family !== "ip" || table !== "filter" || (name !== "FORWARD" && name !== "INPUT")) return false;
  return libvirt === (kind === "nftables" ? "iptables-nft" : "iptables-legacy");
}

function describe({ kind, family, table, name, policy }: FirewallChain): string {
  const where = kind === "nftables" ? `chain ${name} of table ${family} ${table}` : `chain ${name} of iptables-legacy`;
  return policy === "drop" ? `${where}, policy drop` : where;
}

function remedyFor(chain: FirewallChain, { chains }: Ruleset, bridge: string): { readonly program: string; readonly remedy: string } {
  const { kind, family, table, name, hook } = chain;
  const beside = chains.filter((other) => other.table === table && other.family === family && other.kind === kind);
  if (table === "firewalld")
    return {
      program: "firewalld",
      remedy: `sudo firewall-cmd --permanent --zone=trusted --add-interface=${bridge}; sudo firewall-cmd --reload`,
    };
  if (beside.some((other) => other.name.startsWith("ufw-")))
    return { program: "ufw", remedy: hook === "input" ? `sudo ufw allow in on ${bridge}` : `sudo ufw route allow in on ${bridge}` };
  const iptables = kind === "nftables" ? "iptables" : "iptables-legacy";
  const both = (at: string): string => `sudo ${iptables} -I ${at} -i ${bridge} -j ACCEPT; sudo ${iptables} -I ${at} -o ${bridge} -j ACCEPT`;
  if (hook === "forward" && beside.some((other) => other.name === "DOCKER-USER")) return { program: "Docker", remedy: both("DOCKER-USER") };
  if (kind === "iptables-legacy" || (table === "filter" && name === name.toUpperCase() && family === "ip"))
    return { program: iptables, remedy: hook === "input" ? `sudo ${iptables} -I INPUT -i ${bridge} -j ACCEPT` : both(name) };
  const insert = `sudo nft insert rule ${family} ${table} ${name}`;
  return {
    program: "nftables",
    remedy:
      hook === "input" ? `${insert} iifname ${bridge} accept` : `${insert} iifname ${bridge} accept; ${insert} oifname ${bridge} accept`,
  };
}
