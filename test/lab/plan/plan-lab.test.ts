import { expect, test } from "vitest";
import { planLab } from "../../../lib/lab/plan/plan-lab.ts";
import type { AddressRequest, NetworkRequest } from "../../../lib/lab/plan/plan-requests.ts";
import { labOf, normalized } from "../lab-fixtures.ts";

// So many that the hashes of some of them point to the same place.
const networks = Array.from({ length: 3000 }, (_, index): NetworkRequest => ({ name: `n${index}`, own: index % 2 === 0, path: [] }));
const crowd = Array.from({ length: 100 }, (_, index): AddressRequest => ({
  sandbox: `s${index % 50}`,
  network: "n1",
  ordinal: Math.floor(index / 50),
  path: [],
}));

const plan = (asked: readonly NetworkRequest[], addresses: readonly AddressRequest[]) => {
  const { networks: planned, nics } = planLab("lab", asked, addresses, undefined, ({ summary }) => {
    throw new Error(summary);
  });
  return { planned: Object.fromEntries(planned), nics: Object.fromEntries(nics) };
};

test("the order of networks and NICs makes no difference, where hashes collide least of all", () => {
  expect(plan(networks.toReversed(), crowd.toReversed())).toEqual(plan(networks, crowd));
});

test("what a network gets does not depend on the others, unless they are in each other's way", () => {
  const { planned } = plan(networks, []);
  const alone = networks.filter((network) => {
    const { bridge, cidr } = plan([network], []).planned[network.name] ?? {};
    return bridge === planned[network.name]?.bridge && String(cidr) === String(planned[network.name]?.cidr);
  });
  expect(alone.length).toBeGreaterThan(networks.length * 0.8);
  expect(alone.length).toBeLessThan(networks.length);
});

const everySecond = (from: number) => Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`s${2 * index + from}`, {}]));

test("with the lock a thousand sandboxes stay where they are when a thousand others come between them", () => {
  const before = normalized(labOf(everySecond(1)));
  const after = normalized(labOf({ ...everySecond(0), ...everySecond(1) }), { lock: before.lock });
  expect(Object.values(before.lock.networks).some(({ macPrefix }) => macPrefix !== undefined)).toBe(true);
  for (const [name, sandbox] of Object.entries(before.lab.sandboxes)) expect(after.lab.sandboxes[name]).toEqual(sandbox);
  for (const [key, network] of Object.entries(before.lab.networks)) expect(after.lab.networks[key]).toEqual(network);
});

test("what was planned once is planned for ever: these values never change", () => {
  const written = labOf(
    { web: { count: 2, networks: ["front", "back"] }, db: {} },
    { networks: { front: {}, back: { mode: "isolated" } } },
  );
  const { lock } = normalized(written);
  expect({ networks: lock.networks, sandboxes: lock.sandboxes }).toMatchInlineSnapshot(`
    {
      "networks": {
        "back": {
          "bridge": "trm-back-rawsj",
          "cidr": "10.129.151.0/24",
          "own": false,
          "reserve": 32,
        },
        "db": {
          "bridge": "trm-db-sw71o",
          "cidr": "10.156.25.48/29",
          "own": true,
          "reserve": 1,
        },
        "front": {
          "bridge": "trm-front-fm2vs",
          "cidr": "10.159.61.0/24",
          "own": false,
          "reserve": 32,
        },
      },
      "sandboxes": {
        "db": {
          "addresses": {
            "db": [
              "10.156.25.50",
            ],
          },
        },
        "web-1": {
          "addresses": {
            "back": [
              "10.129.151.25",
            ],
            "front": [
              "10.159.61.30",
            ],
          },
        },
        "web-2": {
          "addresses": {
            "back": [
              "10.129.151.24",
            ],
            "front": [
              "10.159.61.35",
            ],
          },
        },
      },
    }
  `);
});
