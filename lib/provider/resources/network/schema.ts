import { attribute, type Decided, type State } from "../../framework/attribute.ts";
import { keepIfUnchanged, requiresReplace } from "../../framework/modifier.ts";
import {
  bridgeName,
  cidrBlock,
  dottedName,
  domainName,
  ipv4Address,
  keys,
  label,
  macAddress,
  oneOf,
  portRange,
  shortText,
  wholeNumber,
} from "../validators.ts";

export const networkSchema = {
  name: attribute.string({
    required: true,
    description: "Name in the lab, a DNS label; on the host it is called `<lab>-<name>`. Another name is another network.",
    validate: [label],
    modifiers: [requiresReplace()],
  }),
  mode: attribute.string({
    default: "nat",
    description:
      "`nat`: sandboxes reach the outside through the host. `isolated`: they reach each other and the host only. `routed`: they reach the outside with their own addresses, where somebody routes the block to the host. `bridged`: they are on a network that the host is on (`bridge` or `interface`). `none`: each other only. In the last two nobody of ours gives addresses: they have no `cidr`, `gateway`, `domain`, `reservations` and `records`. Default: `nat`. A change makes another network. A mode that the hypervisor does not have is an error of the plan.",
    validate: [oneOf("nat", "isolated", "routed", "bridged", "none")],
    modifiers: [requiresReplace()],
  }),
  cidr: attribute.string({
    optional: true,
    description:
      "Block of IPv4 addresses, between /8 and /30, without host bits: `10.20.0.0/24`. Needed unless the mode is `bridged` or `none`. A change makes another network. One that is in use on the host is an error of the apply.",
    validate: [cidrBlock],
    modifiers: [requiresReplace()],
  }),
  gateway: attribute.string({
    optional: true,
    computed: true,
    nullable: true,
    description: "The host's own address in the block; null without a block. Default: the first one. A change makes another network.",
    validate: [ipv4Address],
    modifiers: [keepIfUnchanged("cidr"), requiresReplace()],
  }),
  domain: attribute.string({
    optional: true,
    computed: true,
    nullable: true,
    description: "DNS domain of its sandboxes; null without a block. Default: `<name>.<lab>.test`. A change makes another network.",
    validate: [domainName],
    modifiers: [keepIfUnchanged("name"), requiresReplace()],
  }),
  bridge: attribute.string({
    optional: true,
    computed: true,
    nullable: true,
    description:
      "Name of the network's bridge on the host, at most 15 characters; null where the hypervisor has none. Mode `bridged`: a bridge that the host has. Default: made from the name, with a hash. A change makes another network.",
    validate: [bridgeName],
    modifiers: [keepIfUnchanged("name"), requiresReplace()],
  }),
  interface: attribute.string({
    optional: true,
    description:
      "Mode `bridged`, instead of `bridge`: a NIC of the host. For `kvm` sandboxes get macvtap devices of it, and do not reach the host itself. Default: none. A change makes another network.",
    validate: [shortText],
    modifiers: [requiresReplace()],
  }),
  vlan: attribute.number({
    optional: true,
    description:
      "Mode `bridged` with a `bridge`: id of the VLAN that its sandboxes are in, 1 to 4094. The bridge must tag packets: Open vSwitch, or one that filters VLANs under libvirt 11. Default: none. A change makes another network.",
    validate: [wholeNumber(1, 4094)],
    modifiers: [requiresReplace()],
  }),
  openvswitch: attribute.bool({
    default: false,
    description: "Mode `bridged`: whether the bridge is one of Open vSwitch. Default: false. A change makes another network.",
    modifiers: [requiresReplace()],
  }),
  mtu: attribute.number({
    optional: true,
    description:
      "Largest packet on its bridge, 576 to 65520 bytes; virtio NICs in it take the same. Not of mode `bridged`, where it is the host's. Default: 1500. A change makes another network. Where the hypervisor cannot (`virtualbox`) it is an error of the plan, as are the next three.",
    validate: [wholeNumber(576, 65_520)],
    modifiers: [requiresReplace()],
  }),
  stp: attribute.bool({
    default: true,
    description: "Whether its bridge speaks the spanning tree protocol. Default: true. A change makes another network.",
    modifiers: [requiresReplace()],
  }),
  nat_ports: attribute.string({
    optional: true,
    description:
      'Mode `nat`: ports of the host that its connections leave from: `"20000-29999"`. Default: `"1024-65535"`. A change makes another network.',
    validate: [portRange],
    modifiers: [requiresReplace()],
  }),
  dns_servers: attribute.list("string", {
    default: [],
    description: "IPv4 addresses of the servers that its DNS server asks. Default: those of the host. A change makes another network.",
    validate: [(servers) => servers.map(ipv4Address).find((wrong) => wrong !== undefined)],
    modifiers: [requiresReplace()],
  }),
  reservations: attribute.map(
    {
      mac: attribute.string({ required: true, description: "MAC of the NIC, lower case with colons.", validate: [macAddress] }),
      address: attribute.string({
        required: true,
        description: "Address that DHCP gives to it, in the network's block.",
        validate: [ipv4Address],
      }),
      name: attribute.string({
        optional: true,
        description:
          "Name that resolves to the address in the network, alone and with the domain, also before the sandbox's first boot. Default: none.",
        validate: [label],
      }),
    },
    {
      default: {},
      description:
        "Addresses that belong to one NIC each, by a key of your choice (the sandbox's name). Default: none. They change in the running network, without touching its sandboxes. Two of one address, MAC or name, and addresses outside the block are errors.",
      validate: [keys(shortText)],
    },
  ),
  records: attribute.map("string", {
    default: {},
    description:
      'Further names that the network\'s DNS server answers, each with its IPv4 address: `{ db = "10.20.0.5" }`. Default: none. They change in the running network. Where the hypervisor has no DNS server of its own they are an error of the plan.',
    validate: [
      keys(dottedName),
      (map) =>
        Object.values(map)
          .map(ipv4Address)
          .find((wrong) => wrong !== undefined),
    ],
  }),
  running: attribute.bool({
    default: true,
    description: "Whether it runs. Always true after an apply: one that somebody stopped is started again.",
    validate: [(running) => (running ? undefined : "a network cannot be kept stopped: leave `running` out, or remove the network")],
  }),
  id: attribute.string({
    computed: true,
    description: "The hypervisor's id of the network, for the `network` of a sandbox's NICs.",
    modifiers: [keepIfUnchanged()],
  }),
  host_name: attribute.string({
    computed: true,
    description: "Its name on the host: `<lab>-<name>`.",
    modifiers: [keepIfUnchanged("name")],
  }),
  change: attribute.string({
    computed: true,
    description:
      "What the last change of the network took, known in the plan: `created`, or `live` for one that its sandboxes do not notice.",
  }),
};

export type NetworkSchema = typeof networkSchema;
export type NetworkState = State<NetworkSchema>;
export type DecidedNetwork = Decided<NetworkSchema>;
