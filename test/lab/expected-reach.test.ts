import { expect, test } from "vitest";
import { expectedGateways, expectedNames, expectedReach } from "../../lib/lab/expected-reach.ts";
import { labOf, normalized } from "./lab-fixtures.ts";

const { lab } = normalized(
  labOf(
    {
      web: { networks: ["front", "back"] },
      db: { networks: ["back"] },
      alone: {},
      edge: { networks: ["dmz"] },
      guest: { networks: ["lan"] },
      far: { networks: ["front"], host: "two" },
    },
    {
      provider: "terrarium",
      hosts: { one: { uri: "embedded" }, two: { uri: "embedded" } },
      defaults: { image: "base", host: "one" },
      networks: { front: {}, back: { mode: "isolated" }, dmz: { mode: "routed" }, lan: { mode: "bridged", bridge: "br0" } },
    },
  ),
);
const reach = Object.fromEntries(expectedReach(lab).map(({ from, to, network, reaches }) => [`${from} → ${to} in ${network}`, reaches]));

test("sandboxes of one network reach each other, those of others do not: NAT and isolated networks let nobody in", () => {
  expect(reach).toMatchObject({
    "web → db in back": true,
    "db → web in back": true,
    "db → web in front": false,
    "web → alone in alone": false,
    "alone → web in front": false,
    "alone → db in back": false,
  });
});

test("a routed network is reached from every network that leads out, and from no other", () => {
  expect(reach).toMatchObject({ "web → edge in dmz": true, "alone → edge in dmz": true, "db → edge in dmz": false });
});

test("what others decide is left out: bridged networks, and other hosts", () => {
  expect(Object.keys(reach).filter((key) => key.includes("guest → ") || key.includes("far"))).toEqual([]);
});

test("where a route of its own leads, the sandbox there decides", () => {
  const networks = { left: { mode: "isolated", cidr: "10.31.0.0/24" }, right: { mode: "isolated", cidr: "10.32.0.0/24" } } as const;
  const sandboxes = {
    gate: { networks: ["left", "right"] },
    alice: { networks: [{ name: "left", routes: [{ to: "10.32.0.0/24", via: "10.31.0.2" }] }] },
    bob: { networks: ["right"] },
  };
  const pairs = expectedReach(normalized(labOf(sandboxes, { networks })).lab).map(
    ({ from, to, network, reaches }) => `${from} ${to} ${network} ${reaches}`,
  );
  expect(pairs.filter((pair) => pair.startsWith("alice"))).toEqual(["alice gate left true"]);
  expect(pairs).toContain("bob alice left false");
});

test("a sandbox has a gateway, and names, for each network that its host serves", () => {
  const web = lab.sandboxes["web"];
  if (!web) throw new Error("no web");
  expect(expectedGateways(lab, web).map(({ network }) => network)).toEqual(["front", "back"]);
  expect(expectedNames(lab, web)).toEqual([
    { name: "db.back.test.test", address: lab.sandboxes["db"]?.nics[0]?.address, server: lab.networks["one/back"]?.gateway },
  ]);
});
