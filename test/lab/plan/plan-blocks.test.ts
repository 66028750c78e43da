import { expect, test } from "vitest";
import { normalizeLab } from "../../../lib/lab/normalize-lab.ts";
import { plannedPool } from "../../../lib/lab/plan/plan-blocks.ts";
import { Cidr } from "../../../lib/units/cidr.ts";
import { labOf, normalized, said } from "../lab-fixtures.ts";

test("what others use by default is not in the pool", () => {
  for (const other of ["10.0.2.0/24", "192.168.122.0/24", "172.16.0.0/12"]) expect(plannedPool.overlaps(Cidr.parse(other))).toBe(false);
});

test("a network gets a /24 of the pool, a sandbox's own one a /29", () => {
  const { networks } = normalized(labOf({ a: { networks: ["front"] }, b: {} }, { networks: { front: {} } })).lab;
  for (const [key, prefix] of [
    ["local/front", 24],
    ["local/b", 29],
  ] as const) {
    const cidr = Cidr.parse(networks[key]?.cidr ?? "");
    expect(cidr.prefix).toBe(prefix);
    expect(cidr.overlaps(plannedPool)).toBe(true);
  }
});

test("a network on two hosts has the same block and different sandboxes on each", () => {
  const hosts = { a: { uri: "embedded" }, b: { uri: "qemu:///system" } };
  const written = labOf(
    { x: { host: "a", networks: ["front"] }, y: { host: "b", networks: ["front"] } },
    { hosts, networks: { front: {} } },
  );
  const { networks, sandboxes } = normalized(written).lab;
  expect(networks["a/front"]).toEqual({ ...networks["b/front"], host: "a" });
  expect(sandboxes["x"]?.nics[0]?.address).not.toBe(sandboxes["y"]?.nics[0]?.address);
});

test("overlapping blocks are refused; both are named, and a free one", () => {
  const networks = { back: { cidr: "10.20.0.0/16" }, front: { cidr: "10.20.3.0/24" } };
  const { diagnostics } = normalizeLab(labOf({ a: { networks: ["front"] } }, { networks }));
  expect(diagnostics).toMatchObject([
    {
      code: "OVERLAPPING_NETWORKS",
      path: ["networks", "front", "cidr"],
      summary: 'network "front" (10.20.3.0/24) overlaps network "back" (10.20.0.0/16)',
    },
  ]);
  expect(diagnostics[0]?.nextStep).toMatch(/for example 10\.\d+\.\d+\.0\/24\./);
});

test("a block that the lock has given is not taken away by a written one", () => {
  const { lab, lock } = normalized(labOf({ a: { networks: ["front"] } }, { networks: { front: {} } }));
  const cidr = lab.networks["local/front"]?.cidr ?? "";
  expect(said(labOf({ a: { networks: ["front"] } }, { networks: { front: {}, back: { cidr } } }), { lock })).toEqual([
    "OVERLAPPING_NETWORKS networks.back.cidr",
  ]);
});

test("a written block in the pool is avoided", () => {
  const { lab } = normalized(labOf({ a: { networks: ["front"] } }, { networks: { front: {} } }));
  const cidr = lab.networks["local/front"]?.cidr ?? "";
  const other = normalized(labOf({ a: { networks: ["front"] } }, { networks: { front: {}, back: { cidr } } })).lab;
  expect(other.networks["local/front"]?.cidr).not.toBe(cidr);
});

test("a full pool is said", () => {
  expect(said(labOf({ a: {} }, { networks: { all: { cidr: "10.128.0.0/9" } } }))).toEqual(["NETWORK_POOL_EXHAUSTED sandboxes.a"]);
});

test("half a pool is searched at once, wherever the search begins", () => {
  for (const cidr of ["10.128.0.0/10", "10.192.0.0/10"]) {
    const { networks } = normalized(labOf({ a: { count: 100 } }, { networks: { half: { cidr } } })).lab;
    expect(Object.values(networks).filter((network) => Cidr.parse(network.cidr ?? "").overlaps(Cidr.parse(cidr)))).toEqual([]);
  }
});

test("two entries of a merged lock that claim one block are told, and the later one is planned anew", () => {
  const written = labOf({ a: { networks: ["n1", "n2"] } }, { networks: { n1: {}, n2: {} } });
  const { lock } = normalized(written);
  const clash = { ...lock, networks: { ...lock.networks, n2: { ...lock.networks["n2"]!, cidr: lock.networks["n1"]!.cidr } } };
  const { value, diagnostics } = normalizeLab(written, { lock: clash });
  expect(diagnostics).toMatchObject([{ code: "LOCK_COLLISION", severity: "warning", path: ["networks", "n2"] }]);
  expect(value?.lock.networks["n1"]).toEqual(lock.networks["n1"]);
  expect(value?.lock.networks["n2"]?.cidr).not.toBe(lock.networks["n1"]?.cidr);
});
