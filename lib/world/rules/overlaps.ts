import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Lab } from "../../lab/lab.ts";
import { Cidr } from "../../units/cidr.ts";
import { claimsOf, type Claim } from "../claims.ts";
import { findFreeBlock } from "../free-block.ts";
import { isOnHost, type CheckedNetwork, type WorldCheck } from "../own-world.ts";

/** A network whose addresses something else on the host has. */
export interface Overlap {
  readonly network: CheckedNetwork;
  readonly claims: readonly [Claim, ...Claim[]];
  /** True if the network cannot be made so, or would cut something off. */
  readonly isFatal: boolean;
  /** The next free choice. */
  readonly free?: Cidr;
}

/** Finds networks that overlap what the host has. Pure. */
export function findOverlaps({ lab, world, networks }: WorldCheck): Overlap[] {
  const claims = claimsOf(world);
  return networks.flatMap((network): Overlap[] => {
    const cidr = network.cidr === undefined ? undefined : Cidr.tryParse(network.cidr);
    if (cidr === undefined || !isOnHost(network)) return [];
    const [first, ...others] = claims.filter(({ block }) => block.overlaps(cidr));
    if (first === undefined) return [];
    const all = [first, ...others] as const;
    // VirtualBox's networks are on no interface of the host: nothing is cut off but the guests' own way to such addresses.
    const isFatal = lab.hypervisor === "kvm" && !network.isThere && all.some((claim) => claim.isLive && !hides(claim, cidr));
    const free = findFreeBlock(lab.name, network.name, cidr.prefix, [...claims.map(({ block }) => block), ...blocksOf(lab)]);
    return [{ network, claims: all, isFatal, ...(free && { free }) }];
  });
}

/** True if the block is a small part of what the claim has: the host then reaches the lab there, and what the other has at those addresses no more. */
function hides({ block, isWide }: Claim, cidr: Cidr): boolean {
  return isWide && block.prefix < cidr.prefix;
}

export function blocksOf({ networks }: Pick<Lab, "networks">): Cidr[] {
  return Object.values(networks).flatMap(({ cidr }) => (cidr === undefined ? [] : (Cidr.tryParse(cidr) ?? [])));
}

/** More networks than this in the way of one thing are one finding: a VPN that has all of 10.0.0.0/8 meets every one of a large lab. */
const mostAlone = 5;

export function overlapDiagnostics(check: WorldCheck): Diagnostic[] {
  const groups = new Map<string, Overlap[]>();
  for (const overlap of findOverlaps(check)) {
    const key = `${overlap.isFatal} ${overlap.network.isThere} ${overlap.claims[0].by}`;
    groups.set(key, [...(groups.get(key) ?? []), overlap]);
  }
  return [...groups.values()].flatMap((group) => (group.length > mostAlone ? manyOverlap(group, check) : oneByOne(group, check)));
}

function manyOverlap(group: readonly Overlap[], { world }: WorldCheck): Diagnostic[] {
  const [first] = group;
  if (first === undefined) return [];
  const { claims, isFatal, network } = first;
  return [
    {
      code: "ADDRESSES_TAKEN",
      severity: isFatal ? "error" : "warning",
      summary: `${group.length} networks of the lab overlap what host "${world.host}" has: ${claims[0].by}`,
      detail: group
        .slice(0, 20)
        .map(
          ({ network: { name, cidr }, free }) =>
            `"${name}" (${cidr})${free === undefined ? "" : `: the next free block is ${free.toString()}`}`,
        )
        .concat(group.length > 20 ? [`and ${group.length - 20} more`] : [])
        .join("\n"),
      nextStep: network.isThere
        ? "What is at those addresses beside the lab is out of this host's reach. Run `terrarium apply --relocate` to move the networks; their sandboxes reboot."
        : "Run it with --relocate, which takes other blocks on this machine only.",
    },
  ];
}

function oneByOne(group: readonly Overlap[], check: WorldCheck): Diagnostic[] {
  return group.map(({ network: { name, cidr, ownedBy, isThere }, claims: [first, ...others], isFatal, free }) => {
    const what = ownedBy === undefined ? `network "${name}"` : `the own network of sandbox "${name}"`;
    const choice = free === undefined ? "" : `; the next free block is ${free.toString()}`;
    const edit = ownedBy === undefined && free !== undefined ? `, or write \`cidr: ${free.toString()}\`` : "";
    return {
      code: "ADDRESSES_TAKEN",
      severity: isFatal ? "error" : "warning",
      path: ownedBy === undefined ? ["networks", name, "cidr"] : ["sandboxes", check.lab.sandboxes[ownedBy]?.writtenAs ?? ownedBy],
      summary: `${what} (${cidr}) overlaps what host "${check.world.host}" has: ${first.by}${choice}`,
      ...(others.length > 0 && { detail: others.map(({ by }) => `Also: ${by}.`).join("\n") }),
      nextStep: isThere
        ? `What is at those addresses beside the lab is out of this host's reach. Run \`terrarium apply --relocate\` to move the network; its sandboxes reboot.`
        : `Run it with --relocate, which takes another block on this machine only${edit}.`,
    };
  });
}
