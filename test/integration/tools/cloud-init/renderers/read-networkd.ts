import { readIni, value, values, type Section } from "./ini.ts";
import { route, silent, tidy, words, type Interface, type Network } from "./interface.ts";

/** Source: systemd.network(5) and systemd.netdev(5). */
export function readNetworkd(files: Readonly<Record<string, string>>): Network {
  const all = Object.entries(files).map(([path, text]) => ({ path, sections: readIni(text) }));
  const networks = all.filter(({ path }) => path.endsWith(".network")).map(({ sections }) => sections);
  const vlans = new Map(
    all
      .filter(({ path, sections }) => path.endsWith(".netdev") && value(sections, "NetDev", "Kind") === "vlan")
      .map(({ sections }) => {
        const name = value(sections, "NetDev", "Name") ?? "";
        const parent = networks.find((network) => values(network, "Network", "VLAN").includes(name));
        return [name, `${value(sections, "VLAN", "Id")} on ${parent === undefined ? "nothing" : value(parent, "Match", "Name")}`];
      }),
  );
  return { interfaces: networks.map((sections) => tidy(read(sections, vlans))), everywhere: { nameservers: [], search: [] } };
}

function read(sections: readonly Section[], vlans: ReadonlyMap<string, string>): Interface {
  const name = value(sections, "Match", "Name") ?? "";
  const mac = value(sections, "Match", "MACAddress");
  const vlan = vlans.get(name);
  const dhcp = value(sections, "Network", "DHCP");
  const ra = truth(value(sections, "Network", "IPv6AcceptRA"));
  const mtu = value(sections, "Link", "MTUBytes");
  return {
    ...silent(name),
    // Some releases give VLANs the MAC of their NIC to match, beside their name.
    ...(mac !== undefined && !name.includes(".") && { mac }),
    ...(vlan !== undefined && { vlan }),
    ...{ dhcp4: dhcp === "yes" || dhcp === "ipv4", dhcp6: dhcp === "yes" || dhcp === "ipv6" },
    ra: ra === undefined ? "unsaid" : ra ? "taken" : "refused",
    addresses: values(sections, "Address", "Address"),
    routes: sections.filter((section) => section.name === "Route").map((section) => readRoute([section])),
    nameservers: values(sections, "Network", "DNS").flatMap(words),
    search: values(sections, "Network", "Domains").flatMap(words),
    ...(mtu !== undefined && { mtu: Number(mtu) }),
    dhcpRoutes:
      truth(value(sections, "DHCPv4", "UseRoutes")) === false
        ? "left"
        : value(sections, "DHCPv4", "RouteMetric") === undefined
          ? "taken"
          : "last",
    dhcpDns: truth(value(sections, "DHCPv4", "UseDNS")) !== false,
    clientId: value(sections, "DHCPv4", "ClientIdentifier") === "mac" ? "mac" : "unsaid",
  };
}

function readRoute(section: readonly Section[]): string {
  const of = (key: string): string | undefined => value(section, "Route", key);
  return route(of("Destination") ?? "default", of("Gateway") ?? "", of("Metric"));
}

function truth(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : /^(1|yes|true|on)$/i.test(text);
}
