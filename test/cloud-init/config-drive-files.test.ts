import { expect, test } from "vitest";
import { configDriveFiles } from "../../lib/cloud-init/config-drive-files.ts";
import type { SeedIntent } from "../../lib/cloud-init/seed-intent.ts";
import { userData } from "../../lib/cloud-init/user-data.ts";
import { vendorData } from "../../lib/cloud-init/vendor-data.ts";
import { bareIntent, bareNic, fullIntent, isolatedNic, staticNic } from "./intents.ts";

function read(intent: SeedIntent, name: string): unknown {
  const content = configDriveFiles(intent).find(({ path }) => path === `openstack/latest/${name}`)?.content;
  return content === undefined ? undefined : JSON.parse(content);
}

test("a ConfigDrive has what a NoCloud seed has, in OpenStack's files", () => {
  const files = configDriveFiles({ ...fullIntent, metaData: { role: "web" } });
  expect(files.map(({ path }) => path)).toEqual(
    ["meta_data.json", "user_data", "vendor_data.json", "network_data.json"].map((name) => `openstack/latest/${name}`),
  );
  expect(files[1]?.content).toBe(userData(fullIntent));
  expect(read(fullIntent, "vendor_data.json")).toEqual({ "cloud-init": vendorData(fullIntent, false) });
  expect(read({ ...fullIntent, metaData: { role: "web", uuid: "theirs" } }, "meta_data.json")).toEqual({
    uuid: fullIntent.instanceId,
    hostname: "web-1.front.test",
    role: "web",
  });
});

test("without a card there is no network_data.json, and a card without addressing is a link only", () => {
  expect(read(bareIntent, "network_data.json")).toBeUndefined();
  expect(read({ ...bareIntent, nics: [bareNic] }, "network_data.json")).toEqual({
    links: [{ id: "wire", name: "wire", type: "phy", ethernet_mac_address: "02:00:00:00:00:01" }],
    networks: [],
    services: [],
  });
});

test.each([
  ["10.0.0.5/20", "255.255.240.0"],
  ["10.0.0.5/32", "255.255.255.255"],
  ["10.0.0.5/0", "0.0.0.0"],
  ["fd00::5/60", "ffff:ffff:ffff:fff0:0:0:0:0"],
])("the prefix of %s is the mask %s", (address, netmask) => {
  expect(read({ ...bareIntent, nics: [{ ...staticNic, address }] }, "network_data.json")).toMatchObject({ networks: [{ netmask }] });
});

test("a card has a network for each of its addresses, and VLANs are links of their own", () => {
  const vlan = {
    ...staticNic,
    id: 42,
    name: "fixed.42",
    address: "10.30.0.5/24",
    defaultRoute: false,
    nameservers: [],
    search: [],
    mtu: 1400,
  };
  const routes = [
    { to: "::/0", via: "fd00::1" },
    { to: "10.99.0.0/16", via: "10.20.0.9", metric: 5 },
  ];
  const nics = [
    { ...staticNic, ipv6: "fd00::5/64", routes, vlans: [vlan] },
    { ...isolatedNic, ipv6: "slaac" },
  ];
  expect(read({ ...bareIntent, nics }, "network_data.json")).toMatchObject({
    links: [
      { id: "fixed", type: "phy" },
      { id: "fixed.42", type: "vlan", vlan_link: "fixed", vlan_id: 42, vlan_mac_address: staticNic.mac, mtu: 1400 },
      { id: "back", type: "phy", mtu: 1400 },
    ],
    networks: [
      {
        ...{ id: "fixed-network", link: "fixed", type: "ipv4", dns_nameservers: ["10.20.0.1"], dns_search: ["front.test"] },
        routes: [{ gateway: "10.20.0.1" }, { network: "10.99.0.0", netmask: "255.255.0.0", gateway: "10.20.0.9", metric: 5 }],
      },
      { id: "fixed-network6", link: "fixed", type: "ipv6", ip_address: "fd00::5", routes: [{ network: "::" }, { network: "8000::" }] },
      { id: "fixed.42-network", link: "fixed.42", type: "ipv4", ip_address: "10.30.0.5", routes: [] },
      { id: "back-network", type: "ipv4_dhcp", metric: 1000 },
      { id: "back-network6", type: "ipv6_slaac" },
    ],
  });
});

test("a network configuration of the user's own is refused", () => {
  expect(() => configDriveFiles({ ...bareIntent, networkConfig: { version: 2 } })).toThrow(/no networkConfig/);
});
