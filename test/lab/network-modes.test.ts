import { expect, test } from "vitest";
import { deploymentMac, isSameMac, macBytesOf } from "../../lib/lab/plan/deployment-mac.ts";
import { labOf, normalized, said } from "./lab-fixtures.ts";

const lan = { mode: "bridged", bridge: "br0" } as const;

test("a bridged network plans no block, is not in the lock, and its sandboxes ask whoever is there for an address", () => {
  const { lab, lock } = normalized(labOf({ web: { networks: ["lan"] } }, { networks: { lan } }));
  expect(lab.networks["local/lan"]).toMatchObject({ mode: "bridged", bridge: "br0", reservations: [] });
  expect(lab.networks["local/lan"]).not.toHaveProperty("cidr");
  const [nic] = lab.sandboxes["web"]?.nics ?? [];
  expect(nic).toMatchObject({ network: "lan", addressing: "dhcp", defaultRoute: true });
  expect(nic).not.toHaveProperty("address");
  expect(nic?.mac).toMatch(/^02:\*\*:\*\*(:[0-9a-f]{2}){3}$/);
  expect(lock.networks).toEqual({});
  expect(lock.sandboxes["web"]).toEqual({ addresses: {} });
});

test("two copies of a lab on one LAN have other MACs; each is recognized as the lab's", () => {
  const mac = normalized(labOf({ web: { networks: ["lan"] } }, { networks: { lan } })).lab.sandboxes["web"]?.nics[0]?.mac ?? "";
  const [one, other] = [deploymentMac(mac, macBytesOf("a1b2c3d4e5f60718")), deploymentMac(mac, macBytesOf("0011223344556677"))];
  expect(one).toMatch(/^02:a1:b2(:[0-9a-f]{2}){3}$/);
  expect(one).not.toBe(other);
  expect([isSameMac(mac, one), isSameMac(mac, other), isSameMac(mac, "02:a1:b2:00:00:00"), isSameMac(one, other)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test("a fixed address in a bridged network is static, with the router that was written", () => {
  const networks = { lan: { ...lan, cidr: "192.168.7.0/24", gateway: "192.168.7.254" } };
  const { lab } = normalized(labOf({ web: { networks: [{ name: "lan", ip: "192.168.7.20" }] }, db: { networks: ["lan"] } }, { networks }));
  expect(lab.sandboxes["web"]?.nics[0]).toMatchObject({
    address: "192.168.7.20",
    prefix: 24,
    addressing: "static",
    gateway: "192.168.7.254",
  });
  expect(lab.sandboxes["db"]?.nics[0]).toMatchObject({ addressing: "dhcp", defaultRoute: true });
});

test("a routed network is planned like a NAT network, and leads out", () => {
  const { lab, lock } = normalized(labOf({ web: { networks: ["dmz"] } }, { networks: { dmz: { mode: "routed", cidr: "10.20.0.0/24" } } }));
  expect(lab.networks["local/dmz"]).toMatchObject({ mode: "routed", cidr: "10.20.0.0/24", gateway: "10.20.0.1" });
  expect(lab.sandboxes["web"]?.nics[0]).toMatchObject({ addressing: "dhcp", gateway: "10.20.0.1" });
  expect(Object.keys(lock.networks)).toEqual(["dmz"]);
});

test("a network of mode none is a bridge of ours and nothing else; its NICs get no address unless one is written", () => {
  const networks = { wire: { mode: "none", cidr: "10.9.0.0/24" } } as const;
  const { lab } = normalized(labOf({ a: { networks: ["wire"] }, b: { networks: [{ name: "wire", ip: "10.9.0.1" }] } }, { networks }));
  expect(lab.networks["local/wire"]?.bridge).toMatch(/^trm-wire-/);
  expect(lab.networks["local/wire"]).not.toHaveProperty("gateway");
  expect(lab.sandboxes["a"]?.nics[0]).toMatchObject({ addressing: "none" });
  expect(lab.sandboxes["b"]?.nics[0]).toMatchObject({ addressing: "static", address: "10.9.0.1", prefix: 24 });
  expect(lab.sandboxes["b"]?.nics[0]).not.toHaveProperty("gateway");
});

test.each([
  [{ mode: "nat", bridge: "br0" }, ["NETWORK_KEY_MISPLACED networks.n.bridge"]],
  [{ mode: "isolated", vlan: 4 }, ["NETWORK_KEY_MISPLACED networks.n.vlan"]],
  [
    { mode: "none", reserve: 4, gateway: "10.0.0.1" },
    ["NETWORK_KEY_MISPLACED networks.n.reserve", "NETWORK_KEY_MISPLACED networks.n.gateway"],
  ],
  [{ mode: "bridged" }, ["NETWORK_KEY_MISSING networks.n"]],
  [{ mode: "bridged", bridge: "br0", interface: "eth0" }, ["NETWORK_KEY_MISPLACED networks.n.interface"]],
  [{ mode: "bridged", interface: "eth0", vlan: 42 }, ["NETWORK_KEY_MISPLACED networks.n.vlan"]],
  [{ mode: "bridged", bridge: "br0", gateway: "10.0.0.1" }, ["NETWORK_KEY_MISSING networks.n.gateway"]],
  [{ mode: "bridged", bridge: "br0", cidr: "10.0.0.1/24" }, ["INVALID_CIDR networks.n.cidr"]],
] as const)("a key that does not go with a network's mode is refused at its place: %j", (network, expected) => {
  expect(said(labOf({ web: {} }, { networks: { n: network } }))).toEqual(expected);
});

test("an address in a network without a block, outside of it, its router's or another's is refused at its place", () => {
  const at = (network: object, ip: string) =>
    said(
      labOf(
        { web: { networks: [{ name: "n", ip }] }, db: { networks: [{ name: "n", ip: "10.0.0.9" }] } },
        { networks: { n: { mode: "bridged", bridge: "br0", ...network } } },
      ),
    );
  const block = { cidr: "10.0.0.0/24", gateway: "10.0.0.1" };
  const place = "sandboxes.web.networks.0.ip";
  expect(at({}, "10.0.0.5")).toContain(`NETWORK_KEY_MISSING ${place}`);
  expect(at(block, "10.0.1.5")).toEqual([`ADDRESS_OUTSIDE_NETWORK ${place}`]);
  expect(at(block, "10.0.0.1")).toEqual([`ADDRESS_NOT_ASSIGNABLE ${place}`]);
  expect(at(block, "10.0.0.9")).toEqual([`DUPLICATE_ADDRESS ${place}`]);
});

test("what VirtualBox cannot do is an error at its place that names the alternative", () => {
  const on = (network: object) => said(labOf({ web: {} }, { hypervisor: "virtualbox", networks: { n: network } }));
  expect(on({ mode: "routed" })).toEqual(["HYPERVISOR_UNSUPPORTED networks.n.mode"]);
  expect(on({ mode: "bridged", bridge: "br0", vlan: 3 })).toEqual([
    "HYPERVISOR_UNSUPPORTED networks.n.bridge",
    "HYPERVISOR_UNSUPPORTED networks.n.vlan",
  ]);
  expect(on({ mode: "bridged", interface: "eth0" })).toEqual([]);
  expect(on({ mode: "none" })).toEqual([]);
});
