import type { Element } from "@xmldom/xmldom";
import type { SandboxRecord } from "../hypervisor.ts";
import { sandboxState } from "./domain-state.ts";
import type { DomainStats } from "./domstats.ts";
import { shapeOf } from "./live-limits.ts";
import { readOwner } from "./owner.ts";
import { attribute, children, descend, parseXml, textOf } from "./xml.ts";

const units: Readonly<Record<string, number>> = {
  b: 1,
  bytes: 1,
  KB: 1e3,
  k: 1024,
  KiB: 1024,
  MB: 1e6,
  M: 2 ** 20,
  MiB: 2 ** 20,
  GB: 1e9,
  G: 2 ** 30,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** Memory that the guest has at most. */
export function memoryBytes(domain: Element): number {
  const memory = descend(domain, "memory");
  return Number(memory?.textContent ?? 0) * (units[attribute(memory, "unit") ?? "KiB"] ?? 1024);
}

/**
 * Translates a domain's XML and state. Pure.
 *
 * @param states of `domstats --state`, by name; a sandbox that they lack counts as off
 */
export function readDomain(xml: string, states: ReadonlyMap<string, DomainStats>, autostart: boolean): SandboxRecord {
  const domain = parseXml(xml);
  const name = textOf(domain, "name") ?? "";
  const stats = states.get(name);
  const devices = descend(domain, "devices");
  const agent = children(devices, "channel")
    .map((channel) => descend(channel, "target"))
    .find((target) => attribute(target, "name") === "org.qemu.guest_agent.0");
  const owner = readOwner(domain);
  const most = memoryBytes(domain);
  const { cpus, maxCpus, memory, maxMemory } = shapeOf(domain, most / 1024);
  const consoleLog = children(devices, "serial").flatMap((serial) => attribute(descend(serial, "log"), "file") ?? [])[0];
  return {
    id: textOf(domain, "uuid") ?? "",
    name,
    ...(owner ? { owner } : {}),
    ...sandboxState(Number(stats?.get("state.state") ?? 5), Number(stats?.get("state.reason") ?? 0)),
    cpus,
    ...(maxCpus === undefined ? {} : { maxCpus }),
    memoryBytes: maxMemory === undefined ? most : memory * 1024,
    ...(maxMemory === undefined ? {} : { maxMemoryBytes: most }),
    autostart,
    emulated: attribute(domain, "type") === "qemu",
    nics: children(devices, "interface").map((nic) => {
      const source = descend(nic, "source");
      return {
        mac: (attribute(descend(nic, "mac"), "address") ?? "").toLowerCase(),
        network: attribute(source, "network"),
        bridge: attribute(source, "bridge"),
        device: attribute(descend(nic, "target"), "dev"),
      };
    }),
    disks: children(devices, "disk").map((disk) => ({
      target: attribute(descend(disk, "target"), "dev") ?? "",
      file: attribute(descend(disk, "source"), "file"),
      kind: attribute(disk, "device") === "cdrom" ? ("cdrom" as const) : ("disk" as const),
    })),
    ...(consoleLog === undefined ? {} : { consoleLog }),
    agent: agent ? (attribute(agent, "state") === "connected" ? "connected" : "disconnected") : "absent",
  };
}
