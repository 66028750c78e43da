import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Lab, LabHost } from "../lab.ts";

/**
 * Checks that a lab on VirtualBox runs on this machine. A URI that means this machine's libvirt is passed over, so that the same file serves both hypervisors.
 *
 * Reports `HYPERVISOR_UNSUPPORTED` for another machine, and for a second host.
 */
export function checkVirtualBoxHosts({ hypervisor, hosts }: Pick<Lab, "hypervisor" | "hosts">): Diagnostic[] {
  if (hypervisor !== "virtualbox") return [];
  const used = Object.values(hosts).filter(({ inUse }) => inUse);
  const elsewhere = used.filter(({ uri }) => uri !== undefined && !/^(embedded(:.*)?|qemu:\/\/\/.*)$/.test(uri));
  if (elsewhere.length > 0)
    return elsewhere.map(({ name, uri }) => unsupported(name, `is ${uri}, and VirtualBox runs on this machine only`));
  return used.slice(1).map(({ name }: LabHost) => unsupported(name, `is a second one, and VirtualBox on this machine is one`));
}

function unsupported(name: string, why: string): Diagnostic {
  return {
    code: "HYPERVISOR_UNSUPPORTED",
    severity: "error",
    path: ["hosts", name],
    summary: `host "${name}" ${why}`,
    nextStep: "Put its sandboxes on one host of this machine, or write `hypervisor: kvm`.",
  };
}
