import { route, silent, tidy, words, type Interface, type Network } from "./interface.ts";

/** `iface NAME FAMILY METHOD` and its options, which repeat. */
interface Stanza {
  readonly name: string;
  readonly family: string;
  readonly method: string;
  readonly options: readonly (readonly [key: string, value: string])[];
}

/** Source: interfaces(5), resolvconf(8) and vlan-interfaces(5); names of cards come from udev's rules. */
export function readEni(files: Readonly<Record<string, string>>): Network {
  const stanzas = readStanzas(files["etc/network/interfaces.d/50-cloud-init"] ?? "");
  const macs = new Map(
    [...(files["etc/udev/rules.d/70-persistent-net.rules"] ?? "").matchAll(/ATTR\{address\}=="([^"]+)".*NAME="([^"]+)"/g)].map(
      ([, mac = "", name = ""]) => [name, mac],
    ),
  );
  const names = [...new Set(stanzas.map(({ name }) => name).filter((name) => name !== "lo"))];
  const loopback = stanzas.filter(({ name }) => name === "lo");
  return {
    interfaces: names.map((name) =>
      tidy(
        read(
          name,
          stanzas.filter((stanza) => stanza.name === name),
          macs.get(name),
        ),
      ),
    ),
    everywhere: { nameservers: all(loopback, "dns-nameservers").flatMap(words), search: all(loopback, "dns-search").flatMap(words) },
  };
}

function readStanzas(text: string): Stanza[] {
  const found: { name: string; family: string; method: string; options: [string, string][] }[] = [];
  let isOpen = false;
  for (const line of text.split("\n").map((one) => one.trim())) {
    if (line === "" || line.startsWith("#")) continue;
    const [keyword = "", ...rest] = line.split(/\s+/);
    if (keyword === "iface") {
      const [name = "", family = "", method = ""] = rest;
      found.push({ name, family, method, options: [] });
      isOpen = true;
    } else if (["auto", "source", "source-directory", "mapping"].includes(keyword) || keyword.startsWith("allow-")) isOpen = false;
    else if (isOpen) found.at(-1)?.options.push([keyword.replaceAll("_", "-"), rest.join(" ")]);
  }
  return found;
}

function read(name: string, stanzas: readonly Stanza[], mac: string | undefined): Interface {
  const has = (family: string, method: string): boolean => stanzas.some((one) => one.family === family && one.method === method);
  const [mtu] = all(stanzas, "mtu");
  const [id] = all(stanzas, "vlan-id");
  const [ra] = all(stanzas, "accept-ra");
  return {
    ...silent(name),
    ...(mac !== undefined && { mac }),
    ...(id !== undefined && { vlan: `${id} on ${all(stanzas, "vlan-raw-device")[0]}` }),
    ...{ dhcp4: has("inet", "dhcp"), dhcp6: has("inet6", "dhcp") },
    ra: has("inet6", "auto") || ra === "1" ? "taken" : ra === "0" ? "refused" : "unsaid",
    addresses: all(stanzas, "address"),
    routes: [...all(stanzas, "gateway").map((via) => route("default", via)), ...all(stanzas, "post-up").flatMap(readCommand)],
    nameservers: all(stanzas, "dns-nameservers").flatMap(words),
    search: all(stanzas, "dns-search").flatMap(words),
    ...(mtu !== undefined && { mtu: Number(mtu) }),
    dhcpRoutes: all(stanzas, "metric").length > 0 ? "last" : "taken",
    dhcpDns: true,
    clientId: all(stanzas, "client").length > 0 ? "mac" : "unsaid",
  };
}

function all(stanzas: readonly Stanza[], key: string): string[] {
  return stanzas.flatMap(({ options }) => options.flatMap(([one, value]) => (one === key ? [value] : [])));
}

/** net-tools: `route add -net 10.99.0.0/16 gw 10.22.0.9 metric 5`, `route add default gw …`; iproute2: `ip route add 10.99.0.0/16 via …`. */
function readCommand(text: string): string[] {
  const command = text.replace(/ \|\| true$/, "");
  const [, to, via, metric] =
    /^route add (?:-A inet6 )?(?:-net )?(\S+)(?: netmask \S+)? gw (\S+)(?: metric (\d+))?$/.exec(command) ??
    /^ip (?:-family inet6 )?route add (\S+) via (\S+)(?: metric (\d+))?$/.exec(command) ??
    [];
  if (to === undefined || via === undefined) throw new Error(`No route: ${text}`);
  return [route(to, via, metric)];
}
