import type { Element } from "@xmldom/xmldom";
import { setTimeout as sleep } from "node:timers/promises";
import type { SandboxSpec } from "../provisioning.ts";
import { domainDifference } from "./domain-difference.ts";
import { diskElement, kibibytes, nicElement, wantedMemory, type NetworkNames } from "./domain-xml.ts";
import { freeTarget, moveNic } from "./edit-domain.ts";
import { serialize, xmlText } from "./element.ts";
import { bareOwnerElement, ownerNamespace } from "./owner.ts";
import { hasCode, type Virsh } from "./virsh.ts";
import { withXmlFile } from "./xml-file.ts";
import { descend, parseXml } from "./xml.ts";

/** How long a guest has to release a device; one that has booted takes a fraction of a second. */
const releaseTimeout = 10_000;

/**
 * Brings the running part of a sandbox to the specification: CPUs and memory within their limits, owner, NICs and further disks. What is stored is not touched.
 *
 * @param running its definition as it runs
 * @returns false if it could not be done in the running guest: then only a reboot helps
 * @throws DiagnosticError for what would fail after a reboot, too
 */
export async function changeRunning(
  virsh: Virsh,
  id: string,
  running: Element,
  spec: SandboxSpec,
  networks: NetworkNames,
): Promise<boolean> {
  const difference = domainDifference(running, spec, networks);
  if (difference.liveCpus && !(await mayNeedStop(virsh.run(["setvcpus", id, String(spec.cpus), "--live"])))) return false;
  // A balloon: the guest gives back, or takes, what it can as soon as its driver runs.
  if (difference.liveMemory) await virsh.run(["setmem", id, String(kibibytes(spec.memoryBytes)), "--live"]);
  // The memory that is asked for stands there, too: after it is done, so that a kill in between is found.
  if (difference.owner || difference.liveMemory) {
    const element = xmlText(bareOwnerElement(spec.owner, wantedMemory(spec)));
    await virsh.run(["metadata", id, `--uri=${ownerNamespace}`, "--key=t", `--set=${element}`, "--live"]);
  }
  const devices = descend(running, "devices");
  if (!devices) throw new Error(`The definition of ${spec.name} has no devices`);
  const device = async (command: "attach-device" | "detach-device" | "update-device", xml: string): Promise<boolean> =>
    await mayNeedStop(withXmlFile(xml, (file) => virsh.run([command, id, file, "--live"])));
  const removed = [...difference.nicsToRemove, ...difference.disksToRemove];
  for (const gone of removed) if (!(await device("detach-device", serialize(gone)))) return false;
  for (const { nic, network } of difference.nicsToMove) {
    moveNic(nic, network);
    if (!(await device("update-device", serialize(nic)))) return false;
  }
  if (removed.length > 0 && !(await areReleased(virsh, id, spec, networks))) return false;
  for (const { mac, network } of difference.nicsToAdd)
    if (!(await device("attach-device", xmlText(nicElement(mac, network))))) return false;
  for (const file of difference.disksToAdd) {
    const now = descend(parseXml(await virsh.run(["dumpxml", id])), "devices") ?? devices;
    if (!(await device("attach-device", xmlText(diskElement(file, freeTarget(now), spec.maxCpus))))) return false;
  }
  return true;
}

/** False if no slot is left, the guest does not let go of a CPU, or it is in a state in which QEMU refuses. */
async function mayNeedStop(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (hasCode(error, "CHANGE_NEEDS_STOP")) return false;
    throw error;
  }
}

/** Detaching only asks the guest, which may not listen: what is gone is gone from its definition. */
async function areReleased(virsh: Virsh, id: string, spec: SandboxSpec, networks: NetworkNames): Promise<boolean> {
  const deadline = Date.now() + releaseTimeout;
  for (;;) {
    const { nicsToRemove, disksToRemove } = domainDifference(parseXml(await virsh.run(["dumpxml", id])), spec, networks);
    if (nicsToRemove.length + disksToRemove.length === 0) return true;
    if (Date.now() > deadline) return false;
    await sleep(200);
  }
}
