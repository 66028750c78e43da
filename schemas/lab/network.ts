import { boolean, closedObject, integer, type Schema } from "./value.ts";

export const network: Schema = closedObject(
  {
    mode: {
      description:
        "`nat`: sandboxes reach the outside through the host. `isolated`: they reach each other and the host only. `routed`: like `nat`, but with their own addresses: whoever is to answer them needs a route to the block through the host. `bridged`: they are on the host's own network, beside the host; what is there gives them their addresses, and no block is planned. `none`: a wire and nothing else: no DHCP, no names, no address of the host.",
      enum: ["nat", "isolated", "routed", "bridged", "none"],
      default: "nat",
    },
    cidr: {
      description:
        "Block of addresses, without host bits. Default: planned from 10.128.0.0/9 and recorded in the lock. Of a `bridged` or `none` network: the block that is in use there, needed for a sandbox's `ip`; default: none.",
      type: "string",
      pattern: "^\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}$",
      examples: ["10.20.0.0/24"],
    },
    gateway: {
      description:
        "`bridged` with a `cidr`: the router that sandboxes with an `ip` of their own use. Default: none, so they reach their block only.",
      type: "string",
      pattern: "^\\d{1,3}(\\.\\d{1,3}){3}$",
    },
    bridge: {
      description: "`bridged`: a bridge that the host has (KVM). Either this or `interface`.",
      type: "string",
      pattern: "^[A-Za-z0-9_.-]{1,15}$",
      examples: ["br0"],
    },
    interface: {
      description:
        "`bridged`: a NIC of the host. On KVM its sandboxes get a macvtap device of it, by which they reach everybody but the host itself; on VirtualBox it is the bridged adapter.",
      type: "string",
      pattern: "^[^\\s/][^/]{0,126}$",
      examples: ["eth0"],
    },
    vlan: integer(1, 4094, {
      description:
        "`bridged` with a `bridge`: VLAN id of its sandboxes' packets. Needs `openvswitch: true`, or libvirt 11 and a bridge that filters VLANs. For a bridge or NIC that is in the VLAN already (`eth0.42`) leave it out.",
    }),
    openvswitch: boolean({ description: "`bridged`: the bridge is one of Open vSwitch.", default: false }),
    domain: {
      description: "DNS domain of the network. Default: `<network>.<lab>.test`.",
      type: "string",
      pattern: "^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
    },
    mtu: integer(576, 65_520, {
      description:
        "Largest packet, in bytes: of the network's bridge (KVM), and of its sandboxes' NICs. Default: 1500. On a `bridged` network only the sandboxes': the host's bridge or NIC must have it already.",
      examples: [1400],
    }),
    stp: boolean({ description: "Spanning tree protocol on the network's own bridge (KVM).", default: true }),
    ports: {
      description: "`nat`: ports of the host that its sandboxes' connections leave from (KVM), as `first-last`.",
      type: "string",
      pattern: "^\\d{1,5}-\\d{1,5}$",
      default: "1024-65535",
    },
    dns: closedObject(
      {
        servers: {
          description: "Upstream servers that the network's DNS server asks for what it does not know. Default: those of the host.",
          type: "array",
          items: { type: "string", pattern: "^\\d{1,3}(\\.\\d{1,3}){3}$" },
          minItems: 1,
        },
        records: {
          description: "Further names that it answers, each with its address: `{ registry.test: 10.20.0.5 }`.",
          type: "object",
          propertyNames: { pattern: "^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$" },
          additionalProperties: { type: "string", pattern: "^\\d{1,3}(\\.\\d{1,3}){3}$" },
        },
      },
      { title: "NetworkDns", description: "What the network's DNS server answers beside its sandboxes' names (KVM)." },
    ),
    search: {
      description: "Further domains in which its sandboxes look for short names, after the network's own.",
      type: "array",
      items: { type: "string", pattern: "^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$" },
      minItems: 1,
    },
    reserve: integer(1, 4096, {
      description:
        "From how many addresses the network gives planned ones. `provider: libvirt` reserves them all when it makes the network: sandboxes come and go within them, and outgrowing them replaces the network. `provider: terrarium` reserves live, and grows by itself. Recorded in the lock.",
      default: 32,
    }),
    overrides: { $ref: "#/$defs/overrides" },
  },
  { title: "Network", description: "A network of the lab, on each host that has sandboxes in it." },
);
