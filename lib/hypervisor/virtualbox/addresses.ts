import { join } from "node:path";
import { Cidr } from "../../units/cidr.ts";
import type { AddressSource, GuestAddress } from "../hypervisor.ts";
import { readIfThere } from "./files.ts";
import { readView, type VirtualBox } from "./host.ts";
import { listNetworks } from "./networks.ts";
import { runningStates } from "./list-sandboxes.ts";
import { labAdapters } from "./sandbox-record.ts";
import { attribute, elements, parseSettings } from "./xml.ts";

/** Addresses that a DHCP server of VirtualBox has given, by MAC. Leases that have run out or were given back are left out. Pure. */
export function parseLeases(text: string): Map<string, string> {
  const leases = text.trim() === "" ? [] : elements(parseSettings(text), "Lease");
  return new Map(
    leases.flatMap((lease) => {
      const address = attribute(elements(lease, "Address")[0], "value");
      const mac = attribute(lease, "mac")?.toLowerCase();
      return address === undefined || mac === undefined || attribute(lease, "state") !== "acked" ? [] : [[mac, address] as const];
    }),
  );
}

/** Reads `guestproperty enumerate`: the addresses that Guest Additions tell, by MAC. Their numbers are not those of the NICs. Pure. */
export function parseGuestProperties(output: string): { readonly mac: string; readonly address: string; readonly netmask: string }[] {
  const nics = new Map<string, Record<string, string>>();
  for (const line of output.split(/\r?\n/)) {
    // 7.x: /VirtualBox/GuestInfo/Net/0/V4/IP = '10.0.2.15' @ …; older: Name: …, value: 10.0.2.15, timestamp: …
    const match = /\/VirtualBox\/GuestInfo\/Net\/(\d+)\/(MAC|V4\/IP|V4\/Netmask|Status)(?:\s*=\s*'([^']*)'|, value: ([^,]*),)/.exec(line);
    if (!match) continue;
    const [, number = "", key = "", text, older] = match;
    nics.set(number, { ...nics.get(number), [key]: text ?? older ?? "" });
  }
  return [...nics.values()].flatMap((nic) => {
    const mac = (nic["MAC"] ?? "").toLowerCase().replace(/(..)(?=.)/g, "$1:");
    const address = nic["V4/IP"] ?? "";
    return mac === "" || address === "" || nic["Status"] === "Down" ? [] : [{ mac, address, netmask: nic["V4/Netmask"] ?? "" }];
  });
}

/** `lease`: what DHCP gave, else what is reserved. `agent`: what Guest Additions tell. Only of sandboxes that run. */
export async function readAddresses(box: VirtualBox, ids: readonly string[], source: AddressSource): Promise<Map<string, GuestAddress[]>> {
  const none = new Map<string, GuestAddress[]>(ids.map((id) => [id, []]));
  // It does not listen to what goes by.
  const running = ids.length === 0 || source === "neighbour" ? new Map<string, string>() : await runningStates(box);
  const wanted = ids.filter((id) => running.has(id));
  if (wanted.length === 0) return none;
  const found = source === "lease" ? await fromNetworks(box, wanted) : await fromGuests(box, wanted);
  return new Map([...none, ...found]);
}

async function fromNetworks(box: VirtualBox, ids: readonly string[]): Promise<[string, GuestAddress[]][]> {
  const view = await readView(box);
  const machines = view.all.filter(({ id }) => ids.includes(id));
  const networks = new Map((await listNetworks(box)).map((network) => [network.name, network]));
  const names = [...new Set(machines.flatMap(({ adapters }) => adapters.flatMap(({ network }) => network ?? [])))];
  const leases = new Map(
    await Promise.all(
      names.map(async (name) => [name, parseLeases((await readIfThere(join(box.home, `${name}-Dhcpd.leases`))) ?? "")] as const),
    ),
  );
  return machines.map((machine) => [
    machine.id,
    labAdapters(machine).flatMap(({ mac, network = "" }): GuestAddress[] => {
      const record = networks.get(network);
      const address = leases.get(network)?.get(mac) ?? record?.reservations?.find((one) => one.mac.toLowerCase() === mac)?.address;
      const prefix = Number(record?.addresses[0]?.split("/")[1] ?? 24);
      return address === undefined ? [] : [{ mac, address, prefix, family: "ipv4" }];
    }),
  ]);
}

async function fromGuests({ vbox }: VirtualBox, ids: readonly string[]): Promise<[string, GuestAddress[]][]> {
  return await Promise.all(
    ids.map(async (id): Promise<[string, GuestAddress[]]> => {
      const output = await vbox.tryRun(["guestproperty", "enumerate", id], ["OBJECT_NOT_FOUND", "CHANGE_NEEDS_STOP"], { machine: id });
      return [
        id,
        parseGuestProperties(output ?? "").map(({ mac, address, netmask }) => ({
          mac,
          address,
          prefix: prefixOf(netmask),
          family: "ipv4",
        })),
      ];
    }),
  );
}

/** 24 for a netmask that is none. */
function prefixOf(netmask: string): number {
  const prefix = Array.from({ length: 33 }, (_, length) => length).find((length) => Cidr.of(0, length).netmask === netmask);
  return prefix ?? 24;
}
