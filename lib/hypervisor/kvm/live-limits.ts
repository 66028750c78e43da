import type { Element } from "@xmldom/xmldom";
import type { SandboxSpec } from "../provisioning.ts";
import { element, type XmlElement } from "./element.ts";
import { readWantedMemory } from "./owner.ts";
import { attribute, children, descend } from "./xml.ts";

type Cpus = Pick<SandboxSpec, "cpus" | "maxCpus">;

/**
 * `vcpu`, and `vcpus` where CPUs are to come and go. Pure.
 *
 * libvirt lets go only of CPUs that were made to be unplugged, and the first is never one of them: hence each is named. A domain with `vcpus` is one with a limit, also
 * where all of them are in.
 */
export function cpuElements({ cpus, maxCpus }: Cpus): XmlElement[] {
  if (maxCpus === undefined) return [element("vcpu", {}, [String(cpus)])];
  const each = Array.from({ length: maxCpus }, (_, id) => {
    const enabled = id < cpus;
    return element("vcpu", {
      id,
      enabled: enabled ? "yes" : "no",
      hotpluggable: id === 0 ? "no" : "yes",
      order: enabled ? id + 1 : undefined,
    });
  });
  return [element("vcpu", { current: cpus }, [String(maxCpus)]), element("vcpus", {}, each)];
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
