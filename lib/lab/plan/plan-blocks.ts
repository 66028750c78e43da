import { Cidr } from "../../units/cidr.ts";
import { entryOf } from "../entry-of.ts";
import type { LabLock } from "../lock/lab-lock.ts";
import type { Report } from "../path.ts";
import { BlockSet } from "./block-set.ts";
import { nameHash } from "./name-hash.ts";
import type { NetworkRequest } from "./plan-requests.ts";
import { defaultReserve, prefixForReserve } from "./reservation-block.ts";

/**
 * Where planned networks lie. It holds none of the ranges that others use by default: 10.0.2.0/24 (slirp, VirtualBox), 192.168.122.0/24
 * (libvirt), 172.16.0.0/12 (Docker, Podman); and it is the half of 10.0.0.0/8 that people choose less.
 */
export const plannedPool = Cidr.parse("10.128.0.0/9");

/** Prefix of a sandbox's own network: five addresses, of which it needs one. */
const ownPrefix = 29;

/** A block may be the lab's own choice, what the lock has, or planned now. */
type Origin = "written" | "locked" | "planned";
interface Owner {
  readonly request: NetworkRequest;
  readonly origin: Origin;
}

/**
 * Gives every network its block: the written ones first, then those of the lock, then planned ones, which go by name and not by order.
 *
 * Reports `OVERLAPPING_NETWORKS`, `LOCK_COLLISION` and `NETWORK_POOL_EXHAUSTED`; a network with an error gets no block.
 *
 * @param members how many NICs each network has
 */
export function planBlocks(
  lab: string,
  requests: readonly NetworkRequest[],
  members: ReadonlyMap<string, number>,
  lock: LabLock | undefined,
  report: Report,
): Map<string, Cidr> {
  const taken = new BlockSet<Owner>();
  const blocks = new Map<string, Cidr>();
  const give = (request: NetworkRequest, cidr: Cidr, origin: Origin): void => {
    taken.add(cidr, { request, origin });
    blocks.set(request.name, cidr);
  };
  const open: NetworkRequest[] = [];
  const sorted = [...requests].sort((a, b) => Number(a.own) - Number(b.own) || (a.name < b.name ? -1 : 1));
  for (const request of sorted) {
    if (request.cidr === undefined) continue;
    const other = taken.overlapping(request.cidr);
    if (other) reportOverlap(lab, request, request.cidr, other.owner.request, other.cidr, "written", taken, report);
    else give(request, request.cidr, "written");
  }
  for (const request of sorted) {
    if (request.cidr !== undefined) continue;
    const locked = lockedBlock(request, lock);
    const other = locked && taken.overlapping(locked);
    if (locked === undefined) {
      open.push(request);
    } else if (other === undefined) {
      give(request, locked, "locked");
    } else if (other.owner.origin === "written") {
      reportOverlap(lab, other.owner.request, other.cidr, request, locked, "locked", taken, report);
    } else {
      report({
        code: "LOCK_COLLISION",
        severity: "warning",
        path: request.path,
        summary: `the lock gives networks "${other.owner.request.name}" (${other.cidr.toString()}) and "${request.name}" (${locked.toString()}) the same addresses`,
        detail: `"${request.name}" gets a new block.`,
        nextStep: "This comes from a merge of two branches. Run `terrarium lock` and check the result in.",
      });
      open.push(request);
    }
  }
  for (const request of open) {
    const cidr = freeBlock(lab, request.name, prefixOf(request, members.get(request.name) ?? 0), taken);
    if (cidr) give(request, cidr, "planned");
    else reportExhausted(request, report);
  }
  return blocks;
}

function lockedBlock({ name, own }: NetworkRequest, lock: LabLock | undefined): Cidr | undefined {
  const locked = entryOf(lock?.networks, name);
  return locked && locked.own === own ? Cidr.tryParse(locked.cidr) : undefined;
}

function prefixOf({ own, reserve }: NetworkRequest, members: number): number {
  if (own) return ownPrefix;
  let needed = defaultReserve;
  while (needed < members) needed *= 2;
  return prefixForReserve(Math.max(needed, reserve ?? 0));
}

/** The first free block of the pool from the one that the names point to. */
export function freeBlock(lab: string, network: string, prefix: number, taken: BlockSet<unknown>): Cidr | undefined {
  const { base, size } = plannedPool;
  const step = 2 ** (32 - prefix);
  const start = (nameHash("cidr", lab, network) % (size / step)) * step;
  for (let offset = 0; offset < size;) {
    const cidr = Cidr.of(base + ((start + offset) % size), prefix);
    const other = taken.overlapping(cidr);
    if (other === undefined) return cidr;
    // A wide block is passed at once, but not beyond the pool's end, where counting begins again at its start.
    const passed = Math.min(other.cidr.end, plannedPool.end) - cidr.base;
    offset += Math.max(step, Math.floor(passed / step) * step);
  }
  return undefined;
}

function reportOverlap(
  lab: string,
  request: NetworkRequest,
  cidr: Cidr,
  other: NetworkRequest,
  otherCidr: Cidr,
  origin: "written" | "locked",
  taken: BlockSet<unknown>,
  report: Report,
): void {
  const free = freeBlock(lab, request.name, Math.max(cidr.prefix, plannedPool.prefix), taken);
  report({
    code: "OVERLAPPING_NETWORKS",
    severity: "error",
    path: [...request.path, "cidr"],
    summary: `network "${request.name}" (${cidr.toString()}) overlaps network "${other.name}" (${otherCidr.toString()}${origin === "locked" ? ", from the lock" : ""})`,
    nextStep: free ? `Choose another block, for example ${free.toString()}.` : "Choose another block.",
  });
}

function reportExhausted(request: NetworkRequest, report: Report): void {
  report({
    code: "NETWORK_POOL_EXHAUSTED",
    severity: "error",
    path: request.path,
    summary: `no block of ${plannedPool.toString()} is left for network "${request.name}"`,
    nextStep: request.own
      ? "Put the sandbox into a network with a `cidr` outside of that range, or shorten the written blocks that fill it."
      : "Give it a `cidr` outside of that range, or shorten the written blocks that fill it.",
  });
}
