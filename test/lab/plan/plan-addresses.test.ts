import { expect, test } from "vitest";
import { normalizeLab } from "../../../lib/lab/normalize-lab.ts";
import { Cidr } from "../../../lib/units/cidr.ts";
import { labOf, normalized, said } from "../lab-fixtures.ts";

const inFront = (count: number, network = {}) => labOf({ web: { count, networks: ["front"] } }, { networks: { front: network } });

test("every reserved address has a reservation with its MAC, and planned sandboxes have reserved ones", () => {
  const { networks, sandboxes } = normalized(inFront(5, { cidr: "10.20.0.0/24" })).lab;
  const reservations = networks["local/front"]?.reservations ?? [];
  expect(reservations.map(({ address }) => address)).toEqual(Array.from({ length: 32 }, (_, index) => `10.20.0.${10 + index}`));
  for (const { nics } of Object.values(sandboxes)) {
    const [nic] = nics;
    expect(nic?.addressing).toBe("dhcp");
    expect(reservations).toContainEqual({ mac: nic?.mac, address: nic?.address });
  }
});

test("an own network reserves one address, the one after the gateway", () => {
  const { networks, sandboxes } = normalized(labOf({ a: {} })).lab;
  const cidr = Cidr.parse(networks["local/a"]?.cidr ?? "");
  expect(networks["local/a"]).toMatchObject({ ownedBy: "a", mode: "nat", gateway: cidr.at(1), domain: "a.test.test" });
  expect(networks["local/a"]?.reservations).toEqual([{ mac: sandboxes["a"]?.nics[0]?.mac, address: cidr.at(2) }]);
});

test("a small block reserves what it has", () => {
  const { networks } = normalized(inFront(5, { cidr: "10.20.0.0/29" })).lab;
  expect(networks["local/front"]?.reservations).toHaveLength(5);
  expect(said(inFront(6, { cidr: "10.20.0.0/29" }))).toEqual(["NETWORK_FULL networks.front.cidr"]);
});

test("a first plan reserves as many as are needed, without a word, in a block that is large enough", () => {
  const { value, diagnostics } = normalizeLab(inFront(300));
  expect(diagnostics).toEqual([]);
  expect(value?.lock.networks["front"]).toMatchObject({ reserve: 512 });
  expect(Cidr.parse(value?.lock.networks["front"]?.cidr ?? "").prefix).toBe(22);
});

test("a network that is outgrown reserves the next power of two, and nobody moves", () => {
  const before = normalized(inFront(32));
  const { value, diagnostics } = normalizeLab(inFront(33), { lock: before.lock });
  expect(diagnostics).toMatchObject([
    {
      code: "NETWORK_OUTGROWN",
      severity: "warning",
      path: ["networks", "front"],
      summary: 'network "front" has more sandboxes than the 32 addresses it reserves; it now reserves 64',
      detail: "With provider libvirt that replaces the network, and its sandboxes reboot.",
    },
  ]);
  expect(value?.lock.networks["front"]?.reserve).toBe(64);
  expect(value?.lock.sandboxes).toMatchObject(before.lock.sandboxes);
});

test("a block that the lock gave cannot grow: that is an error", () => {
  const { lock } = normalized(inFront(32));
  expect(said(inFront(246), { lock })).toEqual(["NETWORK_FULL networks.front"]);
});

test("the lab's own reserve counts", () => {
  expect(normalized(inFront(2, { reserve: 4 })).lock.networks["front"]?.reserve).toBe(4);
  expect(said(inFront(6, { reserve: 4 }))).toEqual(["NETWORK_OUTGROWN networks.front"]);
});

test("a smaller reserve does not put outside who is in", () => {
  const before = normalized(inFront(6));
  const after = normalized(inFront(6, { reserve: 1 }), { lock: before.lock });
  expect(after.lock.sandboxes).toEqual(before.lock.sandboxes);
  expect(Object.values(after.lab.sandboxes).map(({ nics }) => nics[0]?.addressing)).toEqual(Array.from({ length: 6 }, () => "dhcp"));
});

test("in another block everybody keeps the host part", () => {
  const before = normalized(inFront(5, { cidr: "10.20.0.0/24" }));
  const after = normalized(inFront(5, { cidr: "10.30.0.0/24" }), { lock: before.lock });
  for (const [name, { nics }] of Object.entries(after.lab.sandboxes)) {
    expect(nics[0]?.address).toBe(before.lab.sandboxes[name]?.nics[0]?.address?.replace("10.20.", "10.30."));
  }
});

test("several NICs in one network have an address and a name each", () => {
  const { nics } = normalized(labOf({ a: { networks: ["front", "front"] } }, { networks: { front: {} } })).lab.sandboxes["a"] ?? {
    nics: [],
  };
  expect(new Set(nics.map(({ address }) => address)).size).toBe(2);
  expect(nics.map(({ name }) => name)).toEqual(["front", "front2"]);
});

test("the first NIC that leads outside has the default route", () => {
  const networks = { inside: { mode: "isolated" }, out: {}, other: {} } as const;
  const { nics } = normalized(labOf({ a: { networks: ["inside", "out", "other"] } }, { networks })).lab.sandboxes["a"] ?? { nics: [] };
  expect(nics.map(({ network, gateway }) => [network, gateway !== undefined])).toEqual([
    ["inside", false],
    ["out", true],
    ["other", false],
  ]);
});

test("two sandboxes that a merged lock gives one address are told, and the later one gets another", () => {
  const written = labOf({ a: { networks: ["front"] }, b: { networks: ["front"] } }, { networks: { front: {} } });
  const { lock } = normalized(written);
  const clash = { ...lock, sandboxes: { ...lock.sandboxes, b: lock.sandboxes["a"]! } };
  const { value, diagnostics } = normalizeLab(written, { lock: clash });
  expect(diagnostics).toMatchObject([{ code: "LOCK_COLLISION", path: ["sandboxes", "b", "networks", 0] }]);
  expect(value?.lock.sandboxes["a"]).toEqual(lock.sandboxes["a"]);
  expect(value?.lock.sandboxes["b"]).not.toEqual(lock.sandboxes["a"]);
});
