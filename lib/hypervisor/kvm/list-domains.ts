import type { OwnerFilter, SandboxRecord } from "../hypervisor.ts";
import { parseDomstats } from "./domstats.ts";
import { forwardsOf, readRelays } from "./forwards/read-relays.ts";
import { matchesOwner } from "./owner.ts";
import { readDomain } from "./read-domain.ts";
import type { Virsh } from "./virsh.ts";

const words = (output: string): string[] =>
  output
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** All domains of the host: one process for their ids, one for their definitions and states. */
export async function listDomains(virsh: Virsh, filter: OwnerFilter = {}): Promise<SandboxRecord[]> {
  const [all = "", autostarted = ""] = await virsh.batch([
    ["list", "--all", "--uuid"],
    ["list", "--all", "--uuid", "--autostart"],
  ]);
  const records = await readDomains(virsh, words(all), new Set(words(autostarted)));
  return records.filter(({ owner }) => matchesOwner(owner, filter)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The domains of these ids; those that do not exist are left out. */
export async function readDomains(virsh: Virsh, ids: readonly string[], autostarted: ReadonlySet<string>): Promise<SandboxRecord[]> {
  if (ids.length === 0) return [];
  const [[stats = "", ...definitions], relays] = await Promise.all([
    virsh.batch([["domstats", "--raw", "--state", "--nowait"], ...ids.map((id) => ["dumpxml", id])]),
    readRelays(),
  ]);
  const states = parseDomstats(stats);
  return definitions.flatMap((xml, index) => {
    if (xml.trim() === "") return [];
    const record = readDomain(xml, states, autostarted.has(ids[index] ?? ""));
    return [{ ...record, forwards: forwardsOf(relays, record.id) }];
  });
}
