import { expect, test } from "vitest";
import type { WrittenNetwork } from "../../lib/lab/written-lab.ts";
import { labOf, normalized, said } from "./lab-fixtures.ts";

const front: WrittenNetwork = {
  mtu: 1400,
  stp: false,
  ports: "20000-29999",
  dns: { servers: ["10.1.1.1"], records: { "registry.test": "10.9.9.9" } },
  search: ["corp.test"],
};

test("a network's settings are its own, and its sandboxes are told what concerns them", () => {
  const { lab } = normalized(labOf({ web: { networks: ["front"] }, alone: {} }, { networks: { front } }));
  expect(lab.networks["local/front"]).toMatchObject({
    mtu: 1400,
    stp: false,
    ports: { first: 20_000, last: 29_999 },
    dns: { servers: ["10.1.1.1"], records: { "registry.test": "10.9.9.9" } },
  });
  expect(lab.sandboxes["web"]?.nics[0]).toMatchObject({ mtu: 1400, search: ["corp.test"] });
  for (const key of ["mtu", "search"]) expect(lab.sandboxes["alone"]?.nics[0]).not.toHaveProperty(key);
});

test("a network that says nothing of it has nothing of it: labs of before stay as they are", () => {
  const { lab } = normalized(labOf({ web: { networks: ["front"] } }, { networks: { front: {} } }));
  for (const key of ["mtu", "stp", "ports", "dns"]) expect(lab.networks["local/front"]).not.toHaveProperty(key);
});

test("on a bridged network only the guests are told: the bridge is the host's", () => {
  const lan: WrittenNetwork = { mode: "bridged", bridge: "br0", mtu: 9000, search: ["corp.test"] };
  const { lab } = normalized(labOf({ web: { networks: ["lan"] } }, { networks: { lan } }));
  expect(lab.networks["local/lan"]).not.toHaveProperty("mtu");
  expect(lab.sandboxes["web"]?.nics[0]).toMatchObject({ mtu: 9000, search: ["corp.test"] });
});

test.each<readonly [WrittenNetwork, readonly string[]]>([
  [{ ports: "9-8" }, ["OUT_OF_RANGE networks.n.ports"]],
  [{ ports: "0-8" }, ["OUT_OF_RANGE networks.n.ports"]],
  [{ ports: "1-65536" }, ["OUT_OF_RANGE networks.n.ports"]],
  [{ mode: "isolated", ports: "1-2" }, ["NETWORK_KEY_MISPLACED networks.n.ports"]],
  [{ mode: "none", dns: {} }, ["NETWORK_KEY_MISPLACED networks.n.dns"]],
  [{ mode: "bridged", bridge: "br0", stp: true }, ["NETWORK_KEY_MISPLACED networks.n.stp"]],
  [{ dns: { servers: ["10.0.0.256"] } }, ["BAD_FORMAT networks.n.dns.servers.0"]],
  [{ dns: { records: { a: "10.0.0.256" } } }, ["BAD_FORMAT networks.n.dns.records.a"]],
  [{ dns: { records: { web: "10.0.0.5" } } }, ["DUPLICATE_ITEM networks.n.dns.records.web"]],
  [{ domain: "n.test", dns: { records: { "web.n.test": "10.0.0.5" } } }, ["DUPLICATE_ITEM networks.n.dns.records.web.n.test"]],
])("a setting that contradicts its network is refused at its place: %j", (network, expected) => {
  expect(said(labOf({ web: { networks: ["n"] } }, { networks: { n: network } }))).toEqual(expected);
});

test("what VirtualBox's networks do not have is an error at its place; MTU and search reach the guests there, too", () => {
  const on = (network: object) => said(labOf({ web: { networks: ["n"] } }, { hypervisor: "virtualbox", networks: { n: network } }));
  expect(on({ stp: false })).toEqual(["HYPERVISOR_UNSUPPORTED networks.n.stp"]);
  expect(on({ ports: "1024-2048" })).toEqual(["HYPERVISOR_UNSUPPORTED networks.n.ports"]);
  expect(on({ dns: { servers: ["10.1.1.1"], records: { a: "10.1.1.2" } } })).toEqual([
    "HYPERVISOR_UNSUPPORTED networks.n.dns",
    "HYPERVISOR_UNSUPPORTED networks.n.dns",
  ]);
  expect(on({ mtu: 1400, search: ["corp.test"] })).toEqual([]);
});
