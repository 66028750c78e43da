import type { HostFacts } from "../hypervisor.ts";
import type { Virsh } from "./virsh.ts";
import { attribute, children, descend, parseXml, textOf } from "./xml.ts";

/** A line `name:   value` of a table. */
const field = (text: string, name: string): string => new RegExp(`^${name}: +(.*)$`, "m").exec(text)?.[1]?.trim() ?? "";

export async function readHostFacts(virsh: Virsh): Promise<HostFacts> {
  const [version = "", nodeinfo = "", capabilities = ""] = await virsh.batch([["version"], ["nodeinfo"], ["capabilities"]]);
  const root = parseXml(capabilities);
  const architecture = textOf(root, "host", "cpu", "arch") ?? "";
  const guest = children(root, "guest").find((candidate) => attribute(descend(candidate, "arch"), "name") === architecture);
  const domainTypes = children(descend(guest, "arch"), "domain").map((domain) => attribute(domain, "type"));
  return {
    hypervisor: field(version, "Running hypervisor").split(" ")[0] ?? "",
    hypervisorVersion: field(version, "Running hypervisor").split(" ")[1] ?? "",
    libraryVersion: field(version, "Using library").replace(/^libvirt /, ""),
    architecture,
    cpus: Number(field(nodeinfo, "CPU\\(s\\)")),
    memoryBytes: Number.parseInt(field(nodeinfo, "Memory size"), 10) * 1024,
    offersKvm: domainTypes.includes("kvm"),
  };
}
