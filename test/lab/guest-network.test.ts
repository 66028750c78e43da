import { expect, test } from "vitest";
import { normalizeLab } from "../../lib/lab/normalize-lab.ts";
import type { WrittenLab, WrittenNic, WrittenSandbox } from "../../lib/lab/written-lab.ts";
import { labOf, normalized, said } from "./lab-fixtures.ts";

const networks: WrittenLab["networks"] = {
  front: { cidr: "10.20.0.0/24" },
  other: { cidr: "10.21.0.0/24" },
  back: { mode: "isolated", cidr: "10.22.0.0/24" },
  lan: { mode: "bridged", bridge: "br0", cidr: "192.168.7.0/24" },
  wire: { mode: "none", cidr: "10.9.0.0/24" },
};

function web(...nics: (WrittenNic | string)[]): WrittenLab {
  return labOf({ web: { networks: nics } }, { networks, provider: "terrarium" });
}

function nicsOf(...nics: (WrittenNic | string)[]) {
  return normalized(web(...nics)).lab.sandboxes["web"]?.nics ?? [];
}

/** What is said of one NIC, its place cut off. */
function saidOf(...nics: (WrittenNic | string)[]): string[] {
  return said(web(...nics)).map((text) => text.replace("sandboxes.web.networks.", ""));
}

test("a NIC that says nothing is what it was before", () => {
  expect(Object.keys(nicsOf("front")[0] ?? {}).toSorted()).toEqual(
    ["network", "name", "mac", "address", "prefix", "addressing", "gateway", "nameserver", "domain"].toSorted(),
  );
});

test("without DHCP the planned address is written into the guest, and stays reserved", () => {
  const { lab } = normalized(web({ name: "front", dhcp: false }));
  const [nic] = lab.sandboxes["web"]?.nics ?? [];
  expect(nic).toMatchObject({ addressing: "static", prefix: 24, gateway: "10.20.0.1" });
  expect(lab.networks["local/front"]?.reservations).toMatchObject([{ address: nic?.address, sandbox: "web" }]);
});

test("all that a NIC says is in the lab, written one way", () => {
  const [nic] = nicsOf({
    ...{ name: "front", ip: "10.20.0.5", dhcp: false, gateway: "10.20.0.9", mtu: 1400, ipv6: "FD00:0::5/64" },
    nameservers: ["9.9.9.9", "FD00::53"],
    search: ["corp.test"],
    routes: [
      { to: "10.99.0.0/16", via: "10.20.0.7", metric: 50 },
      { to: "default", via: "fd00::1" },
    ],
  });
  expect(nic).toMatchObject({
    ...{ address: "10.20.0.5", addressing: "static", gateway: "10.20.0.9", mtu: 1400, ipv6: "fd00::5/64" },
    nameservers: ["9.9.9.9", "fd00::53"],
    search: ["corp.test"],
    routes: [
      { to: "10.99.0.0/16", via: "10.20.0.7", metric: 50 },
      { to: "::/0", via: "fd00::1" },
    ],
  });
});

test("what a NIC says comes before or after what its network says", () => {
  const written = labOf(
    { web: { networks: ["front", { name: "front", mtu: 1300, search: ["corp.test", "b.test"] }] } },
    { networks: { front: { mtu: 1400, search: ["a.test", "b.test"] } } },
  );
  expect(normalized(written).lab.sandboxes["web"]?.nics).toMatchObject([
    { mtu: 1400, search: ["a.test", "b.test"] },
    { mtu: 1300, search: ["a.test", "b.test", "corp.test"] },
  ]);
  const larger = labOf({ web: { networks: [{ name: "front", mtu: 1500 }] } }, { networks: { front: { mtu: 1400 } } });
  expect(said(larger)).toEqual(["OUT_OF_RANGE sandboxes.web.networks.0.mtu"]);
});

test("a gateway under DHCP is a route, and DHCP's own default route is not taken", () => {
  const [nic] = nicsOf({ name: "back", gateway: "10.22.0.9" });
  expect(nic).toMatchObject({ addressing: "dhcp", routes: [{ to: "0.0.0.0/0", via: "10.22.0.9" }] });
  expect(nic).not.toHaveProperty("gateway");
});

test.each<[string, (WrittenNic | string)[], (string | undefined)[]]>([
  ["the first that leads outside", ["back", "front", "other"], [undefined, "10.20.0.1", undefined]],
  ["the one that asks for it", ["front", { name: "other", defaultRoute: true }], [undefined, "10.21.0.1"]],
  ["the next where the first does not want it", [{ name: "front", defaultRoute: false }, "other"], [undefined, "10.21.0.1"]],
  ["the one with a gateway", ["front", { name: "back", dhcp: false, gateway: "10.22.0.9" }], [undefined, "10.22.0.9"]],
  ["none of them where a VLAN has it", ["front", { name: "wire", vlans: [{ id: 5, defaultRoute: true }] }], [undefined, undefined]],
])("the default route leads through %s", (_, nics, gateways) => {
  expect(nicsOf(...nics).map(({ gateway }) => gateway)).toEqual(gateways);
});

test("a route to everywhere with a metric leaves the default route where it was", () => {
  const routes = [{ to: "default", via: "10.22.0.9", metric: 500 }];
  expect(nicsOf("front", { name: "back", routes }).map(({ gateway }) => gateway)).toEqual(["10.20.0.1", undefined]);
});

test("in networks of others `dhcp` says whether the guest asks", () => {
  expect(nicsOf({ name: "lan", dhcp: false }, { name: "wire", dhcp: true }).map(({ addressing }) => addressing)).toEqual(["none", "dhcp"]);
});

test("VLANs are named after their NIC, which leaves room for it", () => {
  const vlans = [{ id: 1234 }, { id: 5, address: "10.30.0.5/24", gateway: "10.30.0.1" }, { id: 6, dhcp: false }];
  const long = { "a-very-long-network": { mode: "isolated" } } as const;
  const { lab } = normalized(labOf({ web: { networks: [{ name: "a-very-long-network", vlans }] } }, { networks: long }));
  const [nic] = lab.sandboxes["web"]?.nics ?? [];
  expect(nic?.name).toBe("a-very-lon");
  expect(nic?.vlans).toEqual([
    { id: 1234, name: "a-very-lon.1234", addressing: "dhcp" },
    { id: 5, name: "a-very-lon.5", addressing: "static", address: "10.30.0.5/24", gateway: "10.30.0.1" },
    { id: 6, name: "a-very-lon.6", addressing: "none" },
  ]);
});

test("two NICs with VLANs in one network have two names", () => {
  expect(nicsOf({ name: "back", vlans: [{ id: 1234 }] }, { name: "back", vlans: [{ id: 1234 }] }).map(({ name }) => name)).toEqual([
    "back",
    "back2",
  ]);
});

test.each<[string, Partial<WrittenNic> & { name?: string }, string[]]>([
  ["a gateway outside its network", { dhcp: false, gateway: "10.21.0.1" }, ["NEXT_HOP_UNREACHABLE 0.gateway"]],
  ["itself as gateway", { ip: "10.20.0.5", gateway: "10.20.0.5" }, ["NEXT_HOP_UNREACHABLE 0.gateway"]],
  ["a next hop elsewhere", { routes: [{ to: "10.99.0.0/16", via: "10.98.0.1" }] }, ["NEXT_HOP_UNREACHABLE 0.routes.0.via"]],
  ["an IPv6 hop elsewhere", { ipv6: "fd00::5/64", routes: [{ to: "default", via: "fd01::1" }] }, ["NEXT_HOP_UNREACHABLE 0.routes.0.via"]],
  ["a gateway without an address", { name: "wire", gateway: "10.9.0.1" }, ["NEXT_HOP_UNREACHABLE 0.gateway"]],
  ["host bits in a route", { routes: [{ to: "10.99.0.1/16", via: "10.20.0.9" }] }, ["INVALID_VALUE 0.routes.0.to"]],
  ["a route of two families", { routes: [{ to: "10.99.0.0/16", via: "fd00::1" }] }, ["INVALID_VALUE 0.routes.0.via"]],
  ["an address that is none", { nameservers: ["9.9.9.9.9"] }, ["INVALID_VALUE 0.nameservers.0"]],
  ["an IPv4 address as IPv6", { ipv6: "10.0.0.5/24" }, ["INVALID_VALUE 0.ipv6"]],
  ["a gateway that must not be used", { defaultRoute: false, gateway: "10.20.0.9" }, ["CONFLICTING_KEYS 0.gateway"]],
  ["an isolated way out", { name: "back", defaultRoute: true }, ["NETWORK_KEY_MISSING 0.defaultRoute"]],
  ["DHCP for an address of its own", { name: "lan", ip: "192.168.7.5", dhcp: true }, ["CONFLICTING_KEYS 0.dhcp"]],
  ["packets too small for IPv6", { mtu: 1000, ipv6: "slaac" }, ["OUT_OF_RANGE 0.mtu"]],
  ["a VLAN twice", { vlans: [{ id: 7 }, { id: 7 }] }, ["DUPLICATE_VLAN 0.vlans.1.id"]],
  ["a VLAN larger than its NIC", { mtu: 1400, vlans: [{ id: 7, mtu: 1500 }] }, ["OUT_OF_RANGE 0.vlans.0.mtu"]],
  ["a VLAN in its NIC's block", { vlans: [{ id: 7, address: "10.20.0.200/25" }] }, ["OVERLAPPING_NETWORKS 0.vlans.0.address"]],
  ["a VLAN with two addresses", { vlans: [{ id: 7, address: "10.30.0.5/24", dhcp: true }] }, ["CONFLICTING_KEYS 0.vlans.0.dhcp"]],
  [
    "a VLAN that leads nowhere",
    { vlans: [{ id: 7, address: "10.30.0.5/24", defaultRoute: true }] },
    ["NETWORK_KEY_MISSING 0.vlans.0.defaultRoute"],
  ],
])("a NIC with %s is refused at its place", (_, nic, expected) => {
  expect(saidOf({ name: "front", ...nic })).toEqual(expected);
});

test("two default routes are one too many, and so is a gateway on another NIC", () => {
  expect(saidOf({ name: "front", defaultRoute: true }, { name: "other", gateway: "10.21.0.9" })).toEqual(["DEFAULT_ROUTE_TWICE 1"]);
});

test("a link-local next hop is reachable from everywhere", () => {
  expect(saidOf({ name: "front", ipv6: "fd00::5/64", routes: [{ to: "default", via: "fe80::1" }] })).toEqual([]);
});

test("an address that two guests would write is told at the later one", () => {
  const nic = { name: "back", ipv6: "fd00::5/64", vlans: [{ id: 7, address: "10.30.0.5/24" }] };
  expect(said(labOf({ db: { networks: [nic] }, web: { networks: [nic] } }, { networks }))).toEqual([
    "DUPLICATE_ADDRESS sandboxes.web.networks.0.ipv6",
    "DUPLICATE_ADDRESS sandboxes.web.networks.0.vlans.0.address",
  ]);
});

test("copies have addresses of their own by `each`", () => {
  const nic = { name: "back", ipv6: "fd00::${each:index}/64" };
  const { lab } = normalized(labOf({ web: { count: 2, networks: [nic] } }, { networks }));
  expect(Object.values(lab.sandboxes).map(({ nics }) => nics[0]?.ipv6)).toEqual(["fd00::1/64", "fd00::2/64"]);
});

test.each<[string, WrittenSandbox, string]>([
  ["without a seed nothing could bring it into the guest", { seed: "none" }, "NIC_NEEDS_SEED"],
  [
    "a networkConfig would win over it",
    { cloudInit: { networkConfig: { version: 2, ethernets: { eth0: { dhcp4: true } } } } },
    "NIC_AND_NETWORK_CONFIG",
  ],
])("%s: an error at the key", (_, sandbox, code) => {
  const lab = labOf({ web: { ...sandbox, networks: [{ name: "back", mtu: 1400 }] } }, { networks });
  expect(said(lab)).toEqual([`${code} sandboxes.web.networks.0.mtu`]);
  expect(normalizeLab(lab).diagnostics[0]?.summary).toMatch(code === "NIC_NEEDS_SEED" ? /nothing brings it/ : /would win/);
});
