import type { LabNetwork, LabNic } from "./lab.ts";
import { sortedByKey } from "./sorted-by-key.ts";
import type { WrittenNetwork } from "./written-lab.ts";

/** What a network is told beside its mode and its block. Nothing that was not written is there: labs of before stay as they are. */
export function networkSettings({ mode, mtu, stp, ports, dns }: WrittenNetwork): Pick<LabNetwork, "mtu" | "stp" | "ports" | "dns"> {
  const range = ports === undefined ? undefined : parsePorts(ports);
  return {
    // The host's own bridge has its own.
    ...(typeof mtu === "number" && mode !== "bridged" && { mtu }),
    ...(stp === false && { stp }),
    ...(range !== undefined && { ports: range }),
    ...(dns !== undefined && { dns: { servers: dns.servers ?? [], records: sortedByKey(dns.records ?? {}, (address) => address) } }),
  };
}

/** What of it the guests are told. */
export function guestNetworkSettings(network: WrittenNetwork | undefined): Pick<LabNic, "search" | "mtu"> {
  const { mtu, search } = network ?? {};
  return { ...(search !== undefined && { search }), ...(typeof mtu === "number" && { mtu }) };
}

/** @returns undefined for what is no range of ports @example parsePorts("1024-65535") // { first: 1024, last: 65535 } */
export function parsePorts(text: string): { readonly first: number; readonly last: number } | undefined {
  const [first = NaN, last = NaN] = text.split("-").map(Number);
  return first >= 1 && first <= last && last <= 65_535 ? { first, last } : undefined;
}
