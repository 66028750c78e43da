import { prefixOf, route, silent, tidy, words, type Interface, type Network } from "./interface.ts";

const folder = "etc/sysconfig/network-scripts";

type Files = Readonly<Record<string, string>>;

/** Source: sysconfig.txt of initscripts, ifup-eth, ifup-routes and nm-settings-ifcfg-rh(5). */
export function readSysconfig(files: Files): Network {
  const names = Object.keys(files).flatMap((path) => /\/ifcfg-(.+)$/.exec(path)?.[1] ?? []);
  const resolver = (files["etc/resolv.conf"] ?? "").split("\n").map(words);
  const said = (keyword: string): string[] => resolver.flatMap(([first, ...rest]) => (first === keyword ? rest : []));
  return {
    interfaces: names.map((name) => tidy(read(files, name))),
    everywhere: { nameservers: said("nameserver"), search: said("search") },
  };
}

function read(files: Files, name: string): Interface {
  const of = shell(files[`${folder}/ifcfg-${name}`] ?? "");
  const isDhcp = of("BOOTPROTO") === "dhcp";
  const [mac, mtu, ipv6] = [of("HWADDR"), of("MTU"), of("IPV6ADDR")];
  const accepts = of("IPV6_FORCE_ACCEPT_RA") ?? of("IPV6_AUTOCONF");
  const vlanId = /\.(\d+)$/.exec(name)?.[1];
  const ipv4 = ["", "0", "1", "2"].flatMap((number) => {
    const address = of(`IPADDR${number}`);
    return address === undefined ? [] : [`${address}/${prefixOf(of(`NETMASK${number}`) ?? "")}`];
  });
  return {
    ...silent(of("DEVICE") ?? ""),
    ...(mac !== undefined && { mac }),
    ...(of("VLAN") === "yes" && { vlan: `${vlanId} on ${of("PHYSDEV")}` }),
    ...{ dhcp4: isDhcp, dhcp6: of("DHCPV6C") === "yes" },
    ra: accepts === undefined ? "unsaid" : accepts === "yes" ? "taken" : "refused",
    addresses: [...ipv4, ...(ipv6 === undefined ? [] : [ipv6])],
    routes: [
      ...["GATEWAY", "IPV6_DEFAULTGW"].flatMap((key) => {
        const via = of(key);
        return via === undefined ? [] : [route("default", via)];
      }),
      ...ipv4Routes(shell(files[`${folder}/route-${name}`] ?? "")),
      ...ipv6Routes(files[`${folder}/route6-${name}`] ?? ""),
    ],
    nameservers: ["1", "2", "3"].flatMap((number) => words(of(`DNS${number}`))),
    search: words(of("DOMAIN")),
    ...(mtu !== undefined && { mtu: Number(mtu) }),
    dhcpRoutes:
      of("DHCLIENT_SET_DEFAULT_ROUTE") === "no" ? "left" : (of("METRIC") ?? of("IPV4_ROUTE_METRIC")) === undefined ? "taken" : "last",
    dhcpDns: of("PEERDNS") !== "no",
    clientId: "unsaid",
  };
}

/** Reads assignments as a shell would: `KEY=value`, quotes taken off. */
function shell(text: string): (key: string) => string | undefined {
  const found = new Map(
    text.split("\n").flatMap((line) => {
      const [, key, quoted = "", plain = ""] = /^\s*([A-Z_0-9]+)=(?:"([^"]*)"|'?([^']*?)'?)\s*$/.exec(line) ?? [];
      return key === undefined ? [] : [[key, quoted === "" ? plain : quoted] as const];
    }),
  );
  return (key) => found.get(key);
}

function ipv4Routes(of: (key: string) => string | undefined): string[] {
  const found: string[] = [];
  for (let number = 0; of(`ADDRESS${number}`) !== undefined; number++)
    found.push(
      route(`${of(`ADDRESS${number}`)}/${prefixOf(of(`NETMASK${number}`) ?? "")}`, of(`GATEWAY${number}`) ?? "", of(`METRIC${number}`)),
    );
  return found;
}

/** `fd00:99::/32 via fd00::1 metric 5 dev eth0`, as `ip -6 route add` takes it. */
function ipv6Routes(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [, to, via, metric] = /^(\S+) via (\S+)(?: +metric (\d+))?/.exec(line) ?? [];
    return to === undefined || via === undefined ? [] : [route(to, via, metric)];
  });
}
