import { readMedia, type Media } from "./media-registry.ts";
import { attribute, bareUuid, elements, parseSettings, readExtraData } from "./xml.ts";

/** What `VirtualBox.xml` says: which machines are registered, and the networks, which have no files of their own. */
export interface Registry {
  readonly machines: readonly { readonly id: string; readonly file: string }[];
  readonly extraData: ReadonlyMap<string, string>;
  /** Media of no machine. */
  readonly media: Media;
  readonly natNetworks: readonly NatNetwork[];
  readonly dhcpServers: readonly DhcpServer[];
}

export interface NatNetwork {
  readonly name: string;
  readonly cidr: string;
  readonly enabled: boolean;
  /** Index of the address under which guests see the host's 127.0.0.1. */
  readonly loopback?: number;
  readonly forwards: readonly NatRule[];
}

/** A rule of a NAT network, or of one NIC behind plain NAT (`guestAddress` is then empty). */
export interface NatRule {
  readonly name: string;
  readonly protocol: "tcp" | "udp";
  readonly hostAddress: string;
  readonly hostPort: number;
  readonly guestAddress: string;
  readonly guestPort: number;
}

export interface DhcpServer {
  readonly network: string;
  readonly address: string;
  readonly lower: string;
  readonly upper: string;
  readonly enabled: boolean;
  /** MAC (lower case, with colons) to address. */
  readonly reservations: ReadonlyMap<string, string>;
}

/**
 * Reads the registry as VBoxSVC writes it, whole, at every change. An empty one if there is no text. Pure.
 *
 * @param file its path, which relative locations in it refer to
 */
export function readRegistry(text: string, file: string): Registry {
  const [global] = text.trim() === "" ? [] : elements(parseSettings(text), "Global");
  return {
    machines: elements(global, "MachineRegistry", "MachineEntry").map((entry) => ({
      id: bareUuid(attribute(entry, "uuid")),
      file: attribute(entry, "src") ?? "",
    })),
    extraData: readExtraData(global),
    media: readMedia(global, file),
    natNetworks: elements(global, "NetserviceRegistry", "NATNetworks", "NATNetwork").map((network) => ({
      name: attribute(network, "networkName") ?? "",
      cidr: attribute(network, "network") ?? "",
      enabled: attribute(network, "enabled") === "1" || attribute(network, "enabled") === "true",
      ...loopbackOf(network),
      forwards: elements(network, "PortForwarding4", "Forwarding").map(readRule),
    })),
    dhcpServers: elements(global, "NetserviceRegistry", "DHCPServers", "DHCPServer").map((server) => ({
      network: attribute(server, "networkName") ?? "",
      address: attribute(server, "IPAddress") ?? "",
      lower: attribute(server, "lowerIP") ?? "",
      upper: attribute(server, "upperIP") ?? "",
      enabled: attribute(server, "enabled") === "1" || attribute(server, "enabled") === "true",
      reservations: new Map(
        elements(server, "Config").flatMap((config) => {
          const mac = attribute(config, "MACAddress");
          const address = attribute(config, "fixedAddress");
          return mac === undefined || address === undefined ? [] : [[mac.toLowerCase(), address] as const];
        }),
      ),
    })),
  };
}

function loopbackOf(network: Parameters<typeof attribute>[0]): Pick<NatNetwork, "loopback"> {
  const mapping = elements(network, "Mappings", "Loopback4").find((one) => attribute(one, "address") === "127.0.0.1");
  const offset = attribute(mapping, "offset");
  return offset === undefined ? {} : { loopback: Number(offset) };
}

/** A `Forwarding` element. UDP is 0; a host address that is not there means all of them. */
export function readRule(element: Parameters<typeof attribute>[0]): NatRule {
  return {
    name: attribute(element, "name") ?? "",
    protocol: attribute(element, "proto") === "0" ? "udp" : "tcp",
    hostAddress: attribute(element, "hostip") ?? "",
    hostPort: Number(attribute(element, "hostport") ?? 0),
    guestAddress: attribute(element, "guestip") ?? "",
    guestPort: Number(attribute(element, "guestport") ?? 0),
  };
}
