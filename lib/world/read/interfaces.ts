import { Cidr } from "../../units/cidr.ts";
import { parseIpv4 } from "../../units/ipv4.ts";
import type { Link, Route } from "../world.ts";

interface IpLink {
  readonly ifname?: string;
  readonly linkinfo?: { readonly info_kind?: string };
  readonly addr_info?: readonly { readonly local?: string; readonly prefixlen?: number; readonly scope?: string }[];
}

interface IpRoute {
  readonly type?: string;
  readonly dst?: string;
  readonly dev?: string;
  readonly gateway?: string;
  readonly table?: string;
}

/** Reads what `ip -j -d address` prints. Loopback and link-local addresses are in nobody's way. Pure. */
export function readLinks(json: string): Link[] {
  return (parseList(json) as readonly IpLink[]).flatMap(({ ifname, linkinfo, addr_info = [] }) => {
    // `ip` prints an empty object for each link that a filter leaves out.
    if (ifname === undefined) return [];
    const addresses = addr_info.flatMap(({ local, prefixlen, scope }) =>
      local === undefined || scope === "host" || scope === "link" ? [] : [`${local}/${prefixlen}`],
    );
    return [{ name: ifname, ...(linkinfo?.info_kind !== undefined && { kind: linkinfo.info_kind }), addresses }];
  });
}

const ofHost = new Set(["local", "broadcast", "anycast", "multicast"]);

/** Reads what `ip -j -4 route show table all` prints. Pure. */
export function readRoutes(json: string): { readonly routes: Route[]; readonly uplink?: string } {
  const all = (parseList(json) as readonly IpRoute[]).filter(({ type = "unicast" }) => !ofHost.has(type));
  const uplink = all.find(({ dst, dev }) => dst === "default" && dev !== undefined)?.dev;
  const routes = all.flatMap(({ dst, dev, gateway, table = "main", type = "unicast" }): Route[] => {
    if (dst === undefined || dst === "default") return [];
    const block = dst.includes("/") ? dst : `${dst}/32`;
    return [{ block, ...(dev !== undefined && { device: dev }), ...(gateway !== undefined && { via: gateway }), table, type }];
  });
  return { routes, ...(uplink !== undefined && { uplink }) };
}

/** The block that an address with prefix is in; undefined for IPv6. @example blockOf("10.20.0.1/24") // 10.20.0.0/24 */
export function blockOf(address: string): Cidr | undefined {
  const [host = "", prefix = "32"] = address.split("/");
  const value = parseIpv4(host);
  if (value === undefined) return undefined;
  const size = 2 ** (32 - Number(prefix));
  return Cidr.of(Math.floor(value / size) * size, Number(prefix));
}

function parseList(json: string): readonly unknown[] {
  return json.trim() === "" ? [] : (JSON.parse(json) as readonly unknown[]);
}
