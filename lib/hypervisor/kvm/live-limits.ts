import type { Element } from "@xmldom/xmldom";
import type { SandboxSpec } from "../provisioning.ts";
import { append, element, type XmlElement } from "./element.ts";
import { readWantedMemory } from "./owner.ts";
import { attribute, children, descend } from "./xml.ts";

type Cpus = Pick<SandboxSpec, "cpus" | "maxCpus">;

/**
 * `vcpu`, and `vcpus` where CPUs are to come. Pure.
 *
 * Those that it boots with are not hotpluggable: libvirt plugs such CPUs in after QEMU has started, which is too late for a snapshot's memory to be loaded (`Unknown
 * savevm section 'cpu_common'`). A domain with `vcpus` is one with a limit, also where all of them are in.
 */
export function cpuElements({ cpus, maxCpus }: Cpus): XmlElement[] {
  if (maxCpus === undefined) return [element("vcpu", {}, [String(cpus)])];
  const each = Array.from({ length: maxCpus }, (_, id) => {
    const enabled = id < cpus;
    return element("vcpu", { id, enabled: enabled ? "yes" : "no", hotpluggable: enabled ? "no" : "yes" });
  });
  return [element("vcpu", { current: cpus }, [String(maxCpus)]), element("vcpus", {}, each)];
}

/**
 * Makes CPUs that came into the running guest some that it starts with, in a snapshot's definition: only so can its memory be loaded again.
 *
 * @returns true if there were any
 */
export function bootWithPluggedCpus(domain: Element): boolean {
  const cpus = children(descend(domain, "vcpus"), "vcpu");
  const plugged = cpus.filter((cpu) => attribute(cpu, "enabled") === "yes" && attribute(cpu, "hotpluggable") === "yes");
  for (const cpu of plugged) cpu.setAttribute("hotpluggable", "no");
  return plugged.length > 0;
}

/**
 * As many queues as there may be CPUs, for virtio disks and SCSI. By itself QEMU makes one for each CPU that it starts with: after a CPU has come, the memory of a snapshot
 * would fit no machine that can be started (`Bad config data`).
 *
 * @param maxCpus undefined: as QEMU does by itself
 */
export function fitQueues(devices: Element, maxCpus: number | undefined): void {
  const disks = children(devices, "disk").filter((disk) => attribute(descend(disk, "target"), "bus") === "virtio");
  const controllers = children(devices, "controller").filter((controller) => attribute(controller, "model") === "virtio-scsi");
  for (const device of [...disks, ...controllers]) {
    const driver = descend(device, "driver");
    if (maxCpus === undefined) driver?.removeAttribute("queues");
    else if (driver) driver.setAttribute("queues", String(maxCpus));
    else append(device, element("driver", { queues: maxCpus }));
  }
}

/** What a domain has, and has room for, in CPUs and KiB; a limit is absent where there is none. */
export interface Shape {
  readonly cpus: number;
  readonly maxCpus?: number;
  readonly memory: number;
  readonly maxMemory?: number;
}

/**
 * CPUs and memory of a domain, as it is to have them. Pure.
 *
 * @param most its `memory` in KiB
 */
export function shapeOf(domain: Element, most: number): Shape {
  const vcpu = descend(domain, "vcpu");
  const all = Number(vcpu?.textContent ?? 0);
  const hasRoom = children(domain, "vcpus").length > 0;
  const memory = readWantedMemory(domain);
  return {
    cpus: hasRoom ? Number(attribute(vcpu, "current") ?? all) : all,
    ...(hasRoom ? { maxCpus: all } : {}),
    memory: memory ?? most,
    ...(memory === undefined ? {} : { maxMemory: most }),
  };
}
