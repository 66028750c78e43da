import { readIni, value, values, type Section } from "./ini.ts";
import { route, silent, tidy, words, type Interface, type Network } from "./interface.ts";

/** Source: nm-settings-keyfile(5). A card's name is not in it: cloud-init renames it by itself. */
export function readNetworkManager(files: Readonly<Record<string, string>>): Network {
  const connections = Object.entries(files)
    .filter(([path]) => path.endsWith(".nmconnection"))
    .map(([, text]) => readIni(text));
  const names = new Map(connections.map((sections) => [value(sections, "connection", "uuid") ?? "", nameOf(sections)]));
  return { interfaces: connections.map((sections) => tidy(read(sections, names))), everywhere: { nameservers: [], search: [] } };
}

function nameOf(sections: readonly Section[]): string {
  return (value(sections, "connection", "interface-name") ?? value(sections, "connection", "id") ?? "").replace(/^cloud-init /, "");
}

function read(sections: readonly Section[], names: ReadonlyMap<string, string>): Interface {
  const mac = value(sections, "ethernet", "mac-address");
  const id = value(sections, "vlan", "id");
  const parent = value(sections, "vlan", "parent") ?? "";
  const mtu = value(sections, "ethernet", "mtu");
  const ipv6 = value(sections, "ipv6", "method");
  const families = ["ipv4", "ipv6"];
  const neverDefault = value(sections, "ipv4", "never-default") === "true";
  return {
    ...silent(nameOf(sections)),
    ...(mac !== undefined && { mac }),
    ...(id !== undefined && { vlan: `${id} on ${names.get(parent) ?? parent}` }),
    // Without a section NetworkManager takes "auto", which is DHCP in IPv4 and what routers announce in IPv6.
    dhcp4: (value(sections, "ipv4", "method") ?? "auto") === "auto",
    dhcp6: ipv6 === "auto" || ipv6 === "dhcp",
    ra: ipv6 === "auto" ? "taken" : "unsaid",
    addresses: families.flatMap((family) => numbered(sections, family, "address")),
    routes: families.flatMap((family) => [
      ...values(sections, family, "gateway").map((via) => route("default", via)),
      ...numbered(sections, family, "route")
        // One of the other family is a fault that NetworkManager skips with a warning.
        .filter((text) => text.includes(":") === (family === "ipv6"))
        .map((text) => {
          const [to = "", via = "", metric] = text.split(",");
          return route(to, via, metric);
        }),
    ]),
    nameservers: families.flatMap((family) => values(sections, family, "dns").flatMap(words)),
    search: families.flatMap((family) => values(sections, family, "dns-search").flatMap(words)),
    ...(mtu !== undefined && { mtu: Number(mtu) }),
    dhcpRoutes:
      neverDefault || value(sections, "ipv4", "ignore-auto-routes") === "true"
        ? "left"
        : value(sections, "ipv4", "route-metric")
          ? "last"
          : "taken",
    dhcpDns: value(sections, "ipv4", "ignore-auto-dns") !== "true",
    clientId: value(sections, "ipv4", "dhcp-client-id") === "mac" ? "mac" : "unsaid",
  };
}

/** `address1`, `address2` … */
function numbered(sections: readonly Section[], section: string, key: string): string[] {
  return sections
    .filter(({ name }) => name === section)
    .flatMap(({ entries }) => entries.flatMap(([one, text]) => (new RegExp(`^${key}\\d*$`).test(one) ? [text] : [])));
}
