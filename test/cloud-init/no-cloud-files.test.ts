import { expect, test } from "vitest";
import { parse } from "yaml";
import { noCloudFiles } from "../../lib/cloud-init/no-cloud-files.ts";
import type { SeedIntent, SeedNic } from "../../lib/cloud-init/seed-intent.ts";
import { bareIntent, dhcpNic, fullIntent, isolatedNic, staticNic } from "./intents.ts";

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

test("a card without a default route takes no routes from DHCP, and keeps its MTU", () => {
  expect(ethernets(isolatedNic)).toEqual({
    back: {
      match: { macaddress: "02:aa:bc:00:00:05" },
      "set-name": "back",
      dhcp4: true,
      "dhcp-identifier": "mac",
      "dhcp4-overrides": { "use-routes": false },
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

test("an IPv6 gateway gets an IPv6 route", () => {
  expect(ethernets({ ...staticNic, address: "fd00::5/64", gateway: "fd00::1" })).toMatchObject({
    fixed: { routes: [{ to: "::/0", via: "fd00::1" }] },
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
