import type { AddressSource, GuestAddress, NicCounters, SandboxRecord } from "../hypervisor.ts";
import { parseDomstats } from "./domstats.ts";
import { readDomains } from "./list-domains.ts";
import type { Virsh } from "./virsh.ts";

/** Reads the table of `domifaddr --full`. Loopback is left out. Pure. */
export function parseAddresses(table: string): GuestAddress[] {
  return table.split("\n").flatMap((line) => {
    const match = /^ *(\S+) +([0-9a-f:]{17}) +(ipv4|ipv6) +([^/\s]+)\/(\d+)/i.exec(line);
    if (!match) return [];
    const [, device = "", mac = "", family = "", address = "", prefix = ""] = match;
    if (device === "lo") return [];
    return [{ mac: mac.toLowerCase(), family: family === "ipv6" ? "ipv6" : "ipv4", address, prefix: Number(prefix) }];
  });
}

export async function readAddresses(virsh: Virsh, ids: readonly string[], source: AddressSource): Promise<Map<string, GuestAddress[]>> {
  // Asking an agent that hangs takes 5 s each, so only those that are connected are asked.
  const asked =
    source !== "agent" ? ids : (await readDomains(virsh, ids, new Set())).filter(({ agent }) => agent === "connected").map(({ id }) => id);
  const tables = await virsh.batch(asked.map((id) => ["domifaddr", id, "--full", "--source", source === "neighbour" ? "arp" : source]));
  const found = new Map(asked.map((id, index) => [id, parseAddresses(tables[index] ?? "")]));
  return new Map(ids.map((id) => [id, found.get(id) ?? []]));
}

export async function readNicCounters(virsh: Virsh, ids: readonly string[]): Promise<Map<string, NicCounters[]>> {
  const [stats = ""] = await virsh.batch([["domstats", "--raw", "--interface", "--nowait", "--list-running"]]);
  const all = parseDomstats(stats);
  const domains: SandboxRecord[] = await readDomains(virsh, ids, new Set());
  return new Map(
    domains.map(({ id, name, nics }) => {
      const values = all.get(name);
      const number = (key: string): number => Number(values?.get(key) ?? 0);
      const count = number("net.count");
      const counters = Array.from({ length: count }, (_, index) => {
        const device = values?.get(`net.${index}.name`);
        return {
          mac: nics.find((nic) => nic.device === device)?.mac ?? "",
          rxBytes: number(`net.${index}.rx.bytes`),
          txBytes: number(`net.${index}.tx.bytes`),
          rxPackets: number(`net.${index}.rx.pkts`),
          txPackets: number(`net.${index}.tx.pkts`),
        };
      });
      return [id, counters.filter(({ mac }) => mac !== "")];
    }),
  );
}
