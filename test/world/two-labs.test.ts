import * as fc from "fast-check";
import { expect, test } from "vitest";
import { nameOnHost, type Lab } from "../../lib/lab/lab.ts";
import { Cidr } from "../../lib/units/cidr.ts";
import { checkWorld } from "../../lib/world/check-world.ts";
import { chooseOverlay } from "../../lib/deploy/relocate.ts";
import type { World } from "../../lib/world/world.ts";
import { normalized } from "../lab/lab-fixtures.ts";
import { randomLab } from "../lab/random-lab.ts";
import { worldWith } from "./value.ts";

/** A host on which a lab is up. */
function worldOf(lab: Lab): World {
  const networks = Object.values(lab.networks).map(({ name, gateway, cidr, bridge, mode }) => ({
    name: nameOnHost(lab, name),
    by: "libvirt",
    owner: { deployment: "fedcba9876543210", lab: lab.name, name, provider: "libvirt", labels: {} },
    active: true,
    mode,
    ...(bridge !== undefined && { bridge }),
    blocks: gateway === undefined ? [] : [`${gateway}/${Cidr.parse(cidr ?? "").prefix}`],
  }));
  return worldWith({ networks });
}

test("two labs that collide always notice, and relocated they do not any more", () => {
  expect.hasAssertions();
  fc.assert(
    fc.property(randomLab({ networks: 4, sandboxes: 4 }), randomLab({ networks: 4, sandboxes: 4 }), (first, second) => {
      // Written blocks of random labs are few, so that they meet often.
      const one = normalized({ ...first, lab: "one" }).lab;
      const written = { ...second, lab: "two" };
      const two = normalized(written).lab;
      const taken = Object.values(one.networks).map(({ cidr }) => Cidr.parse(cidr ?? ""));
      const colliding = Object.values(two.networks).filter(({ cidr }) => taken.some((block) => block.overlaps(Cidr.parse(cidr ?? ""))));
      const world = worldOf(one);
      const found = checkWorld(two, world).filter(({ code }) => code === "ADDRESSES_TAKEN");
      expect(found.map(({ severity }) => severity)).toEqual(colliding.map(() => "error"));
      const overlay = chooseOverlay(two, [world]);
      expect(checkWorld(normalized(written, { overlay }).lab, world)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
