import { expect, test } from "vitest";
import { parse } from "yaml";
import { noCloudFiles } from "../../lib/cloud-init/no-cloud-files.ts";
import { networkData } from "../../lib/cloud-init/network-data.ts";
import type { SeedIntent, SeedNic } from "../../lib/cloud-init/seed-intent.ts";
import { bareIntent, bareNic, dhcpNic, fullIntent, isolatedNic, staticNic } from "./intents.ts";

function read(intent: SeedIntent, path: string): unknown {
  const found = noCloudFiles(intent).find((file) => file.path === path);
  return found === undefined ? undefined : parse(found.content, { version: "1.1" });
}

function ethernets(...nics: SeedNic[]): unknown {
  return (read({ ...bareIntent, nics }, "network-config") as { ethernets: unknown }).ethernets;
}

test("a seed has user-data, meta-data, vendor-data and network-config, and equal intents give equal bytes", () => {
  expect(noCloudFiles(fullIntent).map(({ path }) => path)).toEqual(["user-data", "meta-data", "vendor-data", "network-config"]);
  expect(noCloudFiles(structuredClone(fullIntent))).toEqual(noCloudFiles(fullIntent));
});

test("meta-data names the instance, and the host by its full name where there is one", () => {
  expect(read(fullIntent, "meta-data")).toEqual({ "instance-id": fullIntent.instanceId, "local-hostname": "web-1.front.test" });
  expect(read(bareIntent, "meta-data")).toEqual({ "instance-id": bareIntent.instanceId, "local-hostname": "web-1" });
});

test("vendor-data lets a new network or host name take effect at the next boot, and silences the locale module", () => {
  expect(read(fullIntent, "vendor-data")).toEqual({
    updates: { network: { when: ["boot"] } },
    manage_etc_hosts: "localhost",
    locale: "false",
    ssh_pwauth: false,
  });
});

test("a full name that does not start with the host name is said in vendor-data", () => {
  const intent = { ...bareIntent, fqdn: "www.example.test" };
  expect(read(intent, "vendor-data")).toMatchObject({ hostname: "web-1", fqdn: "www.example.test" });
  expect(read(intent, "meta-data")).toMatchObject({ "local-hostname": "web-1" });
});

test("a card is found by its MAC, named, and asks for its address under its MAC", () => {
  expect(ethernets(dhcpNic)).toEqual({
    front: { match: { macaddress: "02:aa:bb:00:00:05" }, "set-name": "front", dhcp4: true, "dhcp-identifier": "mac" },
  });
});

test("under DHCP nobody writes the gateway that DHCP tells", () => {
  const nic: SeedNic = { ...dhcpNic, address: "10.20.0.5/24", gateway: "10.20.0.1" };
  expect(ethernets(nic)).toEqual(ethernets(dhcpNic));
  expect(networkData({ ...bareIntent, nics: [nic] })).toEqual(networkData({ ...bareIntent, nics: [dhcpNic] }));
});

test("a card without a default route takes no routes from DHCP, prefers others' where it must, and keeps its MTU", () => {
  expect(ethernets(isolatedNic)).toEqual({
    back: {
      match: { macaddress: "02:aa:bc:00:00:05" },
      "set-name": "back",
      dhcp4: true,
      "dhcp-identifier": "mac",
      "dhcp4-overrides": { "use-routes": false, "route-metric": 1000 },
      mtu: 1400,
    },
  });
});

test("a static card has its address, its names and a route to everywhere", () => {
  expect(ethernets(staticNic)).toEqual({
    fixed: {
      match: { macaddress: "02:aa:bd:00:00:05" },
      "set-name": "fixed",
      dhcp4: false,
      addresses: ["10.20.0.5/24"],
      routes: [{ to: "0.0.0.0/0", via: "10.20.0.1" }],
      nameservers: { addresses: ["10.20.0.1"], search: ["front.test"] },
    },
  });
});

test("a static card without a default route has none, although there is a gateway", () => {
  expect(ethernets({ ...staticNic, defaultRoute: false })).not.toHaveProperty(["fixed", "routes"]);
});

test("an IPv6 gateway gets two IPv6 routes, which are everywhere together", () => {
  expect(ethernets({ ...staticNic, address: "fd00::5/64", gateway: "fd00::1" })).toMatchObject({
    fixed: { routes: ["::/1", "8000::/1"].map((to) => ({ to, via: "fd00::1" })) },
  });
});

test("a card without an address has its name, and nobody waits for it", () => {
  expect(ethernets(bareNic)).toEqual({
    wire: { match: { macaddress: "02:00:00:00:00:01" }, "set-name": "wire", dhcp4: false, optional: true },
  });
});

test("name servers of a card's own are asked instead of DHCP's", () => {
  const nic: SeedNic = { ...dhcpNic, nameservers: ["9.9.9.9"], ignoresDhcpDns: true };
  expect(ethernets(nic)).toMatchObject({ front: { nameservers: { addresses: ["9.9.9.9"] }, "dhcp4-overrides": { "use-dns": false } } });
});

test.each([
  ["slaac", { dhcp6: false, "accept-ra": true }],
  ["dhcp", { dhcp6: true, "accept-ra": true }],
  ["fd00::5/64", { addresses: ["fd00::5/64"] }],
])("IPv6 as %s", (ipv6, expected) => {
  expect(ethernets({ ...dhcpNic, ipv6 })).toMatchObject({ front: { dhcp4: true, ...expected } });
});

test("a VLAN stands on its card, with settings of its own", () => {
  const vlan = { ...staticNic, id: 42, name: "wire.42", address: "10.30.0.5/24", gateway: undefined, mtu: 1400 };
  const route = { to: "10.99.0.0/16", via: "10.30.0.9", metric: 5 };
  expect(read({ ...bareIntent, nics: [{ ...bareNic, vlans: [{ ...vlan, routes: [route] }] }] }, "network-config")).toMatchObject({
    vlans: { "wire.42": { id: 42, link: "wire", addresses: ["10.30.0.5/24"], routes: [route], mtu: 1400 } },
  });
});

test("the user's own network configuration replaces ours", () => {
  const networkConfig = { version: 1, config: [{ type: "physical", name: "eth0" }] };
  expect(read({ ...fullIntent, networkConfig }, "network-config")).toEqual(networkConfig);
});

test("without a card there is no network-config", () => {
  expect(noCloudFiles(bareIntent).map(({ path }) => path)).toEqual(["user-data", "meta-data", "vendor-data"]);
});

test.each([
  ["a static card without an address", { ...staticNic, address: undefined }, /Expected an address for fixed/],
  ["an interface name of 16 characters", { ...dhcpNic, name: "a".repeat(16) }, /at most 15 bytes/],
  ["what is no MAC", { ...dhcpNic, mac: "02:aa" }, /Expected a MAC address/],
])("%s is refused", (_what, nic, message) => {
  expect(() => noCloudFiles({ ...bareIntent, nics: [nic] })).toThrow(message);
});

test("further meta-data stands beside ours, and never replaces it", () => {
  const metaData = { role: "web", "public-keys": ["ssh-ed25519 AAAA"], "instance-id": "theirs" };
  expect(read({ ...bareIntent, metaData }, "meta-data")).toEqual({
    ...metaData,
    "instance-id": bareIntent.instanceId,
    "local-hostname": "web-1",
  });
});
