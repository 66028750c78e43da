import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Lab, LabNetworkMode } from "../lab.ts";
import type { Path } from "../path.ts";
import type { WrittenLab, WrittenNetwork } from "../written-lab.ts";

type Engine = Pick<Lab, "hypervisor" | "provider">;

/** What VirtualBox has no network for, and what comes closest. */
const virtualBoxLacks: Partial<Record<LabNetworkMode, string>> = {
  routed: "Use `mode: nat`, or `mode: bridged` to be reached under addresses of their own.",
};

/**
 * Checks that the hypervisor has what the networks ask for. The drivers' `capabilities` say the same; here it is told before anything runs, and where it stands.
 *
 * Reports `HYPERVISOR_UNSUPPORTED`.
 */
export function checkNetworkModes({ networks = {} }: WrittenLab, { hypervisor }: Engine): Diagnostic[] {
  return Object.entries(networks).flatMap(([name, network]) => {
    const path = ["networks", name];
    return hypervisor === "virtualbox" ? checkOnVirtualBox(name, network, path) : [];
  });
}

function checkOnVirtualBox(
  name: string,
  { mode = "nat", bridge, vlan, openvswitch, stp, ports, dns }: WrittenNetwork,
  path: Path,
): Diagnostic[] {
  const told: Diagnostic[] = [];
  const tell = (key: string, summary: string, nextStep: string): void =>
    void told.push({
      code: "HYPERVISOR_UNSUPPORTED",
      severity: "error",
      path: [...path, key],
      summary: `network "${name}": ${summary}`,
      nextStep,
    });
  const lacks = virtualBoxLacks[mode];
  if (lacks !== undefined) tell("mode", `VirtualBox has no networks of \`mode: ${mode}\``, `${lacks} Or write \`hypervisor: kvm\`.`);
  if (bridge !== undefined)
    tell(
      "bridge",
      "VirtualBox uses a NIC of the host, not a bridge",
      "Write `interface: eth0`, the NIC to share; a bridge of the host may stand there, too.",
    );
  if (vlan !== undefined)
    tell("vlan", "VirtualBox does not tag packets", "Name a NIC of the host that is in the VLAN: `interface: eth0.42`.");
  if (stp !== undefined) tell("stp", "VirtualBox's networks have no bridge, and no spanning tree", "Leave it out.");
  if (ports !== undefined)
    tell("ports", "VirtualBox chooses the ports that connections leave from", "Leave it out, or write `hypervisor: kvm`.");
  if (dns?.servers !== undefined)
    tell(
      "dns",
      "VirtualBox asks the DNS servers of its host, and no others",
      "Leave `servers` out; name servers for the guests are `nameservers` in `cloudInit.networkConfig`.",
    );
  if (dns?.records !== undefined)
    tell(
      "dns",
      "VirtualBox has no DNS server to put records into",
      "Leave `records` out, and write the names into /etc/hosts: `cloudInit.bootCmd`, or `writeFiles` with `append: true`.",
    );
  if (openvswitch === true) tell("openvswitch", "VirtualBox does not know Open vSwitch", "Leave it out.");
  return told;
}
