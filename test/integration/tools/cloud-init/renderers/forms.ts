import type { WrittenLab, WrittenNic } from "../../../../../lib/lab/written-lab.ts";
import { silent, type Interface } from "./interface.ts";

/** The networks that the forms are in. */
export const networks: WrittenLab["networks"] = {
  front: { cidr: "10.20.0.0/24", domain: "front.test" },
  other: { cidr: "10.21.0.0/24", domain: "other.test" },
  back: { mode: "isolated", cidr: "10.22.0.0/24", domain: "back.test" },
  lan: { mode: "bridged", bridge: "br0", cidr: "192.168.7.0/24", gateway: "192.168.7.1", domain: "lan.test" },
  wire: { mode: "none", cidr: "10.9.0.0/24", domain: "wire.test" },
};

/** What a sandbox's NICs say, and what its guest is to do then. */
export interface Form {
  readonly title: string;
  readonly nics: readonly WrittenNic[];
  readonly declared: readonly Interface[];
}

const mac = (digit: number): string => `02:00:00:00:00:0${digit}`;
const [one, two, three] = [mac(1), mac(2), mac(3)];

/** An interface that asks for its address, in a network that serves names. */
function asking(name: string, more: Partial<Interface> = {}): Interface {
  return { ...silent(name), dhcp4: true, clientId: "mac", ...served(name), ...more };
}

/** One with a fixed address there. */
function fixed(name: string, address: string, more: Partial<Interface> = {}): Interface {
  return { ...silent(name), addresses: [address], ...served(name), ...more };
}

/** The network's own name server and domain. */
function served(name: string): Partial<Interface> {
  const block = { front: "10.20.0", other: "10.21.0", back: "10.22.0" }[name];
  return { nameservers: block === undefined ? [] : [`${block}.1`], search: name.includes(".") ? [] : [`${name}.test`] };
}

const dual = { ipv6: "fd00:20::5/64", ip: "10.20.0.5", dhcp: false } as const;

export const forms: readonly Form[] = [
  { title: "DHCP", nics: [{ name: "front", mac: one }], declared: [asking("front", { mac: one })] },
  {
    title: "DHCP on NAT, another NAT and an isolated network",
    nics: [
      { name: "front", mac: one },
      { name: "other", mac: two },
      { name: "back", mac: three },
    ],
    declared: [
      asking("front", { mac: one }),
      asking("other", { mac: two, dhcpRoutes: "left" }),
      asking("back", { mac: three, dhcpRoutes: "left" }),
    ],
  },
  {
    title: "static",
    nics: [{ name: "front", mac: one, ip: "10.20.0.5", dhcp: false }],
    declared: [fixed("front", "10.20.0.5/24", { mac: one, routes: ["0.0.0.0/0 via 10.20.0.1"] })],
  },
  {
    title: "static beside DHCP, the default route through the static one",
    nics: [
      { name: "back", mac: one },
      { name: "front", mac: two, ip: "10.20.0.5", dhcp: false },
    ],
    declared: [
      asking("back", { mac: one, dhcpRoutes: "left" }),
      fixed("front", "10.20.0.5/24", { mac: two, routes: ["0.0.0.0/0 via 10.20.0.1"] }),
    ],
  },
  {
    title: "static without a default route",
    nics: [{ name: "back", mac: one, ip: "10.22.0.5", dhcp: false }],
    declared: [fixed("back", "10.22.0.5/24", { mac: one })],
  },
  {
    title: "static in a bridged network",
    nics: [{ name: "lan", mac: one, ip: "192.168.7.20", nameservers: ["192.168.7.1"] }],
    declared: [fixed("lan", "192.168.7.20/24", { mac: one, nameservers: ["192.168.7.1"], routes: ["0.0.0.0/0 via 192.168.7.1"] })],
  },
  {
    title: "a gateway of its own under DHCP",
    nics: [{ name: "back", mac: one, gateway: "10.22.0.9" }],
    declared: [asking("back", { mac: one, dhcpRoutes: "left", routes: ["0.0.0.0/0 via 10.22.0.9"] })],
  },
  {
    title: "routes",
    nics: [
      { name: "front", mac: one, routes: [{ to: "10.99.0.0/16", via: "10.20.0.9" }] },
      { name: "back", mac: two, ip: "10.22.0.5", dhcp: false, routes: [{ to: "10.98.0.0/16", via: "10.22.0.9", metric: 50 }] },
    ],
    declared: [
      asking("front", { mac: one, routes: ["10.99.0.0/16 via 10.20.0.9"] }),
      fixed("back", "10.22.0.5/24", { mac: two, routes: ["10.98.0.0/16 via 10.22.0.9 metric 50"] }),
    ],
  },
  {
    title: "name servers and domains",
    nics: [
      { name: "front", mac: one, nameservers: ["9.9.9.9", "149.112.112.112"], search: ["corp.test"] },
      { name: "back", mac: two, ip: "10.22.0.5", dhcp: false, nameservers: ["9.9.9.10"], search: ["lab.test"] },
    ],
    declared: [
      asking("front", { mac: one, dhcpDns: false, nameservers: ["149.112.112.112", "9.9.9.9"], search: ["corp.test", "front.test"] }),
      fixed("back", "10.22.0.5/24", { mac: two, nameservers: ["9.9.9.10"], search: ["back.test", "lab.test"] }),
    ],
  },
  {
    title: "MTU",
    nics: [
      { name: "front", mac: one, mtu: 1400 },
      { name: "back", mac: two, ip: "10.22.0.5", dhcp: false, mtu: 9000 },
    ],
    declared: [asking("front", { mac: one, mtu: 1400 }), fixed("back", "10.22.0.5/24", { mac: two, mtu: 9000 })],
  },
  {
    title: "SLAAC",
    nics: [{ name: "front", mac: one, ipv6: "slaac" }],
    declared: [asking("front", { mac: one, ra: "taken" })],
  },
  {
    title: "DHCPv6",
    nics: [{ name: "front", mac: one, ipv6: "dhcp" }],
    declared: [asking("front", { mac: one, dhcp6: true, ra: "taken" })],
  },
  {
    title: "static IPv6 beside DHCP",
    nics: [{ name: "front", mac: one, ipv6: "fd00:20::5/64" }],
    declared: [asking("front", { mac: one, addresses: ["fd00:20::5/64"] })],
  },
  {
    title: "static IPv4 and IPv6, with IPv6 routes",
    nics: [
      {
        ...{ name: "front", mac: one, ...dual, nameservers: ["9.9.9.9", "2620:fe::fe"] },
        routes: [
          { to: "default", via: "fd00:20::1" },
          { to: "fd00:99::/32", via: "fd00:20::9" },
        ],
      },
    ],
    declared: [
      fixed("front", "10.20.0.5/24", {
        ...{ mac: one, nameservers: ["2620:fe::fe", "9.9.9.9"], addresses: ["10.20.0.5/24", "fd00:20::5/64"] },
        routes: ["0.0.0.0/0 via 10.20.0.1", "::/0 via fd00:20::1", "fd00:99::/32 via fd00:20::9"],
      }),
    ],
  },
  {
    title: "IPv6 only, static",
    nics: [{ name: "wire", mac: one, ipv6: "fd00:9::5/64", routes: [{ to: "default", via: "fd00:9::1" }] }],
    declared: [{ ...silent("wire"), mac: one, addresses: ["fd00:9::5/64"], routes: ["::/0 via fd00:9::1"] }],
  },
  {
    title: "IPv6 only, SLAAC and DHCPv6",
    nics: [
      { name: "wire", mac: one, ipv6: "slaac" },
      { name: "lan", mac: two, dhcp: false, ipv6: "dhcp" },
    ],
    declared: [
      { ...silent("wire"), mac: one, ra: "taken" },
      { ...silent("lan"), mac: two, dhcp6: true, ra: "taken" },
    ],
  },
  {
    title: "no address",
    nics: [
      { name: "front", mac: one },
      { name: "wire", mac: two },
    ],
    declared: [asking("front", { mac: one }), { ...silent("wire"), mac: two }],
  },
  {
    title: "VLANs",
    nics: [
      { name: "front", mac: one },
      {
        ...{ name: "lan", mac: two, dhcp: false },
        vlans: [
          { id: 100 },
          {
            id: 200,
            address: "10.32.0.5/24",
            nameservers: ["10.32.0.1"],
            search: ["v.test"],
            routes: [{ to: "10.97.0.0/16", via: "10.32.0.9" }],
          },
        ],
      },
    ],
    declared: [
      asking("front", { mac: one }),
      { ...silent("lan"), mac: two },
      asking("lan.100", { vlan: "100 on lan", dhcpRoutes: "left" }),
      {
        ...{ ...silent("lan.200"), vlan: "200 on lan", addresses: ["10.32.0.5/24"] },
        ...{ nameservers: ["10.32.0.1"], search: ["v.test"], routes: ["10.97.0.0/16 via 10.32.0.9"] },
      },
    ],
  },
  {
    title: "a VLAN with the default route, IPv6 and an MTU, on a NIC with an address",
    nics: [
      {
        ...{ name: "back", mac: one, ip: "10.22.0.5", dhcp: false, mtu: 1500 },
        vlans: [{ id: 42, address: "10.32.0.5/24", gateway: "10.32.0.1", ipv6: "fd00:32::5/64", mtu: 1400 }],
      },
    ],
    declared: [
      fixed("back", "10.22.0.5/24", { mac: one, mtu: 1500 }),
      {
        ...{ ...silent("back.42"), vlan: "42 on back", mtu: 1400 },
        ...{ addresses: ["10.32.0.5/24", "fd00:32::5/64"], routes: ["0.0.0.0/0 via 10.32.0.1"] },
      },
    ],
  },
];
