import * as fc from "fast-check";
import { expect, test } from "vitest";
import { BlockSet } from "../../../lib/lab/plan/block-set.ts";
import { Cidr } from "../../../lib/units/cidr.ts";

const block = fc.tuple(fc.nat(2 ** 12 - 1), fc.integer({ min: 20, max: 32 })).map(([place, prefix]) => {
  const size = 2 ** (32 - prefix);
  return Cidr.of(Math.floor(place / size) * size, prefix);
});

test("it finds exactly the overlaps that comparing all finds", () => {
  fc.assert(
    fc.property(fc.array(block, { maxLength: 30 }), (blocks) => {
      const set = new BlockSet<number>();
      const kept: Cidr[] = [];
      for (const [index, cidr] of blocks.entries()) {
        const overlaps = kept.some((other) => other.overlaps(cidr));
        expect(set.overlapping(cidr) !== undefined).toBe(overlaps);
        if (overlaps) continue;
        set.add(cidr, index);
        kept.push(cidr);
      }
    }),
    { numRuns: 500 },
  );
});

test("an overlapping block cannot be added", () => {
  const set = new BlockSet<string>();
  set.add(Cidr.parse("10.0.0.0/8"), "a");
  expect(() => set.add(Cidr.parse("10.1.0.0/16"), "b")).toThrow("10.1.0.0/16 overlaps");
});
