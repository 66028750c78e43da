import type { NetworkRecord, OwnerFilter } from "../hypervisor.ts";
import { matchesOwner, readOwner } from "./owner.ts";
import type { Virsh } from "./virsh.ts";
import { attribute, children, descend, parseXml, textOf } from "./xml.ts";

const words = (output: string): string[] =>
  output
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** Translates a network's XML. Pure. */
export function readNetwork(xml: string, active: boolean): NetworkRecord {
  const network = parseXml(xml);
  const owner = readOwner(network);
  const forward = descend(network, "forward");
  return {
    id: textOf(network, "uuid") ?? "",
    name: textOf(network, "name") ?? "",
    ...(owner ? { owner } : {}),
    active,
    bridge: attribute(descend(network, "bridge"), "name"),
    mode: forward ? (attribute(forward, "mode") ?? "nat") : "isolated",
    addresses: children(network, "ip").flatMap((ip) => {
      const address = attribute(ip, "address");
      return address === undefined ? [] : [`${address}/${attribute(ip, "prefix") ?? prefixOf(attribute(ip, "netmask") ?? "")}`];
    }),
  };
}

/** @example prefixOf("255.255.255.0") // 24 */
function prefixOf(netmask: string): number {
  return netmask.split(".").reduce((bits, part) => bits + Number(part).toString(2).replaceAll("0", "").length, 0);
}

export async function listNetworks(virsh: Virsh, filter: OwnerFilter = {}): Promise<NetworkRecord[]> {
  const [all = "", running = ""] = await virsh.batch([
    ["net-list", "--all", "--uuid"],
    ["net-list", "--uuid"],
  ]);
  const ids = words(all);
  const active = new Set(words(running));
  const definitions = ids.length === 0 ? [] : await virsh.batch(ids.map((id) => ["net-dumpxml", id]));
  return definitions
    .flatMap((xml, index) => (xml.trim() === "" ? [] : [readNetwork(xml, active.has(ids[index] ?? ""))]))
    .filter(({ owner }) => matchesOwner(owner, filter))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export async function removeNetwork(virsh: Virsh, id: string): Promise<void> {
  await virsh.tryRun(["net-destroy", id], ["OBJECT_ALREADY_SO", "OBJECT_NOT_FOUND"]);
  await virsh.tryRun(["net-undefine", id], ["OBJECT_NOT_FOUND"]);
}
