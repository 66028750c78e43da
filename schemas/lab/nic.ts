import { boolean, closedObject, integer, type Schema } from "./value.ts";

/** Anywhere in the text: copies differ in a part of an address only. */
const reference = ".*\\$\\{(var|each):[A-Za-z_][A-Za-z0-9_]*\\}.*";

/** IPv4 or IPv6; that it is one is checked when the lab is normalized. */
const ipAddress: Schema = { type: "string", pattern: `^([0-9A-Fa-f:.]{2,45}|${reference})$` };

const ipv4: Schema = { type: "string", pattern: `^(\\d{1,3}(\\.\\d{1,3}){3}|${reference})$` };

const domain: Schema = { type: "string", pattern: "^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$" };

export const route: Schema = closedObject(
  {
    to: {
      description: "Destination: a block without host bits, IPv4 or IPv6, or `default`.",
      type: "string",
      pattern: `^(default|[0-9A-Fa-f:.]{2,45}/\\d{1,3}|${reference})$`,
      examples: ["10.99.0.0/16"],
    },
    via: { ...ipAddress, description: "Next hop: an address that the NIC reaches directly." },
    metric: integer(0, 4_294_967_295, { description: "The lower one wins. Default: the guest's own." }),
  },
  { title: "Route", description: "A route that the guest has through this NIC.", required: ["to", "via"] },
);

/** What a NIC and a VLAN on it have in common: all of it is written into the guest. */
const interfaceKeys: Record<string, Schema> = {
  defaultRoute: boolean({
    description:
      "Whether the default route (IPv4) leads through it. Default: true for the first NIC whose network leads outside, false for VLANs; a `gateway` makes it true.",
  }),
  gateway: { ...ipv4, description: "Router of the default route, instead of the network's." },
  nameservers: {
    description: "Name servers to ask, IPv4 or IPv6, instead of those that the network tells.",
    type: "array",
    items: ipAddress,
    minItems: 1,
  },
  search: { description: "Further domains in which short names are searched.", type: "array", items: domain, minItems: 1 },
  routes: { description: "Further routes.", type: "array", items: { $ref: "#/$defs/route" }, minItems: 1 },
  mtu: integer(576, 65_520, { description: "Largest packet, in bytes. Default: the network's, or 1500." }),
  ipv6: {
    description:
      "IPv6: `slaac` takes what routers announce, `dhcp` asks a DHCPv6 server, an address with its prefix (`fd00::5/64`) is fixed. Default: what the guest's system does by itself.",
    type: "string",
    pattern: `^(slaac|dhcp|[0-9A-Fa-f:.]{2,45}/\\d{1,3}|${reference})$`,
    examples: ["fd00::5/64"],
  },
};

export const nicVlan: Schema = closedObject(
  {
    id: integer(1, 4094, { description: "VLAN id. In the guest it is an interface of its own, `<nic>.<id>`." }),
    dhcp: boolean({ description: "Asks for an IPv4 address. Default: true, unless it has an `address`." }),
    address: {
      description: "A fixed IPv4 address with its prefix.",
      type: "string",
      pattern: `^(\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}|${reference})$`,
      examples: ["10.30.0.5/24"],
    },
    ...interfaceKeys,
  },
  { title: "NicVlan", description: "A VLAN on top of a NIC: the guest tags its packets.", required: ["id"] },
);

/** What a NIC says to the guest beside its address. */
export const nicKeys: Record<string, Schema> = {
  dhcp: boolean({
    description:
      "Whether the guest asks for its IPv4 address. `false`: the address, planned or `ip`, is written into the guest by its seed. Default: true, but for an `ip` in a `bridged` or `none` network.",
  }),
  ...interfaceKeys,
  vlans: { description: "VLANs on top of it.", type: "array", items: { $ref: "#/$defs/nicVlan" }, minItems: 1 },
};
