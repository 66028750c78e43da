import { nameHash } from "../lab/plan/name-hash.ts";
import { plannedPool } from "../lab/plan/plan-blocks.ts";
import { Cidr } from "../units/cidr.ts";

/** Where a block is looked for when the planner's own range is somebody else's: what remains of the private ranges that no software takes by default. */
const otherPools = ["10.64.0.0/10", "192.168.128.0/17", "100.96.0.0/11"].map((text) => Cidr.parse(text));

/**
 * The next free choice: a block of that size that nothing on the host and in the lab has, where the names point to, so that it is mostly the same on every machine.
 *
 * @param taken blocks in any order; they may overlap
 * @returns undefined if there is none
 */
export function findFreeBlock(lab: string, network: string, prefix: number, taken: readonly Cidr[]): Cidr | undefined {
  for (const pool of [plannedPool, ...otherPools]) {
    if (prefix < pool.prefix) continue;
    const step = 2 ** (32 - prefix);
    const start = (nameHash("relocated", lab, network) % (pool.size / step)) * step;
    for (let offset = 0; offset < pool.size;) {
      const cidr = Cidr.of(pool.base + ((start + offset) % pool.size), prefix);
      // The farthest one: wide blocks are passed at once.
      const end = Math.max(...taken.filter((block) => block.overlaps(cidr)).map((block) => block.end), 0);
      if (end === 0) return cidr;
      const passed = Math.min(end, pool.end) - cidr.base;
      offset += Math.max(step, Math.ceil(passed / step) * step);
    }
  }
  return undefined;
}
