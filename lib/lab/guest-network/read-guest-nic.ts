import { canonicalIp, ipFamily, parseIpBlock } from "../../units/ip-block.ts";
import type { LabRoute } from "../lab.ts";
import type { Path, Report } from "../path.ts";
import { readBoolean, readInteger, readText } from "../settings/read-value.ts";
import type { WrittenNic, WrittenRoute, WrittenVlan } from "../written-lab.ts";
import { everywhere, type GuestInterface, type GuestNic, type GuestVlan } from "./guest-nic.ts";

/** Keys of a NIC that only its seed can bring into the guest. */
const guestKeys = ["dhcp", "defaultRoute", "gateway", "nameservers", "search", "routes", "mtu", "ipv6", "vlans"] as const;

type InterfaceKeys = Pick<WrittenNic, "defaultRoute" | "gateway" | "nameservers" | "search" | "routes" | "mtu" | "ipv6">;

/**
 * Reads what a NIC says to the guest: each value for itself. Reports `INVALID_VALUE` for what is no address, block or prefix.
 *
 * @returns undefined for a NIC that says nothing
 */
export function readGuestNic(written: WrittenNic, path: Path, report: Report): GuestNic | undefined {
  const firstKey = guestKeys.find((key) => written[key] !== undefined);
  if (firstKey === undefined) return undefined;
  const { dhcp, vlans } = written;
  return {
    ...readInterface(written, path, report),
    firstKey,
    ...present(
      "dhcp",
      readBoolean(dhcp, () => [...path, "dhcp"], report),
    ),
    ...present(
      "vlans",
      vlans?.flatMap((vlan, index) => readVlan(vlan, [...path, "vlans", index], report)),
    ),
  };
}

function readVlan(written: WrittenVlan, path: Path, report: Report): GuestVlan[] {
  const id = readInteger(written.id, 1, 4094, () => [...path, "id"], report);
  if (id === undefined) return [];
  const address = readBlock(written.address, 4, "an IPv4 address with its prefix", "10.30.0.5/24", [...path, "address"], report);
  return [
    {
      ...readInterface(written, path, report),
      id,
      ...present(
        "dhcp",
        readBoolean(written.dhcp, () => [...path, "dhcp"], report),
      ),
      ...present("address", address),
    },
  ];
}

function readInterface(written: InterfaceKeys, path: Path, report: Report): GuestInterface {
  const at = (...more: Path): Path => [...path, ...more];
  const { defaultRoute, gateway, nameservers, search, routes, mtu, ipv6 } = written;
  return {
    path,
    ...present(
      "defaultRoute",
      readBoolean(defaultRoute, () => at("defaultRoute"), report),
    ),
    ...present("gateway", readAddress(gateway, 4, at("gateway"), report)),
    ...present(
      "nameservers",
      nameservers?.flatMap((server, index) => readAddress(server, undefined, at("nameservers", index), report) ?? []),
    ),
    ...present("search", search),
    ...present(
      "routes",
      routes?.flatMap((route, index) => readRoute(route, at("routes", index), report)),
    ),
    ...present(
      "mtu",
      readInteger(mtu, 576, 65_520, () => at("mtu"), report),
    ),
    ...present(
      "ipv6",
      ipv6 === "slaac" || ipv6 === "dhcp"
        ? ipv6
        : readBlock(ipv6, 6, "`slaac`, `dhcp`, or an IPv6 address with its prefix", "fd00::5/64", at("ipv6"), report),
    ),
  };
}

function readRoute({ to: writtenTo, via: writtenVia, metric }: WrittenRoute, path: Path, report: Report): LabRoute[] {
  const via = readAddress(writtenVia, undefined, [...path, "via"], report);
  const text = readText(writtenTo, () => [...path, "to"], report);
  if (via === undefined || text === undefined) return [];
  const isIpv6 = ipFamily(via) === 6;
  const to = text === "default" ? (isIpv6 ? "::/0" : everywhere) : text;
  const block = parseIpBlock(to);
  const tell = (summary: string, nextStep: string, key: string): void =>
    report({ code: "INVALID_VALUE", severity: "error", path: [...path, key], summary, nextStep });
  if (block === undefined) {
    tell(
      `expected a block of addresses, or \`default\`, found ${JSON.stringify(text)}`,
      "Write it with its prefix, such as 10.99.0.0/16.",
      "to",
    );
    return [];
  }
  if (!block.isBase) {
    tell(
      `expected a block without host bits, found ${JSON.stringify(text)}`,
      `For that address alone write ${block.address}/${block.family === 4 ? 32 : 128}, else the block's first address.`,
      "to",
    );
    return [];
  }
  if ((block.family === 6) !== isIpv6) {
    tell(`expected a next hop of the family of ${to}, found ${via}`, "Take both from IPv4, or both from IPv6.", "via");
    return [];
  }
  const read = readInteger(metric, 0, 4_294_967_295, () => [...path, "metric"], report);
  return [{ to: `${canonicalIp(block.address)}/${block.prefix}`, via, ...present("metric", read) }];
}

function readAddress(written: unknown, family: 4 | undefined, path: Path, report: Report): string | undefined {
  const text = readText(written, () => path, report);
  if (text === undefined) return undefined;
  const found = ipFamily(text);
  if (found !== undefined && (family === undefined || found === family)) return canonicalIp(text);
  report({
    code: "INVALID_VALUE",
    severity: "error",
    path,
    summary: `expected an ${family === 4 ? "IPv4" : "IPv4 or IPv6"} address, found ${JSON.stringify(text)}`,
    nextStep: `Write one such as 10.20.0.5${family === 4 ? "" : " or fd00::5"}.`,
  });
  return undefined;
}

function readBlock(written: unknown, family: 4 | 6, expected: string, example: string, path: Path, report: Report): string | undefined {
  const text = readText(written, () => path, report);
  if (text === undefined) return undefined;
  const block = parseIpBlock(text);
  if (block?.family === family && block.prefix > 0) return `${canonicalIp(block.address)}/${block.prefix}`;
  report({
    code: "INVALID_VALUE",
    severity: "error",
    path,
    summary: `expected ${expected}, found ${JSON.stringify(text)}`,
    nextStep: `Write it like ${example}.`,
  });
  return undefined;
}

function present<K extends string, T>(key: K, value: T | undefined): { readonly [name in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [name in K]: T });
}
