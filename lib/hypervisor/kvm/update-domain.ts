import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { SandboxRecord } from "../hypervisor.ts";
import type { SandboxSpec } from "../provisioning.ts";
import { changeRunning } from "./change-running.ts";
import { domainDifference, isSame, needsReboot } from "./domain-difference.ts";
import { editDomain } from "./edit-domain.ts";
import { serialize } from "./element.ts";
import { bringForwards } from "./forwards/bring-forwards.ts";
import { readDomains } from "./list-domains.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { shutdownDomain, startDomain } from "./power.ts";
import { reconnectNics } from "./reconnect-nics.ts";
import { networkNames, requireFiles, requireSupported } from "./sandbox-needs.ts";
import type { Virsh } from "./virsh.ts";
import { withXmlFile } from "./xml-file.ts";
import { parseXml } from "./xml.ts";

export interface BringOptions {
  /** Milliseconds. @default 60000 */
  readonly shutdownTimeout?: number;
  /** Another disk to boot from is put in, for one that is taken over; else it is HYPERVISOR_UNSUPPORTED. */
  readonly otherBootDisk?: boolean;
  /** Words before a program that bring it into the network of the host's sandboxes. @default - that is the machine's */
  readonly enterNetwork?: readonly string[];
}

/**
 * Brings a sandbox to the specification: its stored definition first, in one step; then the running one, piece by piece. A kill in between leaves
 * a difference between the two, which the next call finds.
 *
 * Where the running guest does not take or release a device (no slot is left, or it has not booted yet), the sandbox is rebooted.
 */
export async function bringDomain(
  virsh: Virsh,
  id: string,
  spec: SandboxSpec,
  { shutdownTimeout = 60_000, otherBootDisk = false, enterNetwork = [] }: BringOptions = {},
): Promise<SandboxRecord> {
  requireSupported(spec, virsh.uri);
  return await oneAtATime(`${virsh.uri} sandbox ${id}`, async () => {
    const before = await read(virsh, id);
    const networks = await networkNames(virsh, spec);
    const stored = parseXml(await virsh.run(["dumpxml", id, "--inactive"]));
    const difference = domainDifference(stored, spec, networks);
    if (before.name !== spec.name) throw unsupported(spec, `its name is ${before.name}`);
    if (difference.bootDisk && !otherBootDisk) throw unsupported(spec, "it boots from another disk");
    const seed = difference.seed && spec.seed !== undefined ? [spec.seed] : [];
    await requireFiles(virsh, spec.name, [...difference.disksToAdd, ...seed]);
    await bringForwards({ uri: virsh.uri, enterNetwork }, id, spec);
    if (!isSame(difference)) {
      editDomain(stored, spec, difference);
      await withXmlFile(serialize(stored), (file) => virsh.run(["define", "--validate", file]));
    }
    if (before.autostart !== spec.autostart) await virsh.run(["autostart", id, ...(spec.autostart ? [] : ["--disable"])]);
    if (before.state === "running" || before.state === "paused") {
      const running = parseXml(await virsh.run(["dumpxml", id]));
      const now = domainDifference(running, spec, networks);
      if (needsReboot(now) || !(await changeRunning(virsh, id, running, spec, networks))) {
        await shutdownDomain(virsh, id, shutdownTimeout);
        await startDomain(virsh, id);
      } else {
        // A network of the same name may be another one than it was plugged into.
        await reconnectNics(virsh, [id], spec.owner);
      }
    }
    return await read(virsh, id);
  });
}

async function read(virsh: Virsh, id: string): Promise<SandboxRecord> {
  const [autostarted = ""] = await virsh.batch([["list", "--all", "--uuid", "--autostart"]]);
  const [found] = await readDomains(virsh, [id], new Set(autostarted.split("\n").map((line) => line.trim())));
  if (found) return found;
  throw new DiagnosticError({
    code: "OBJECT_NOT_FOUND",
    severity: "error",
    summary: `the host has no sandbox with the id ${id}`,
    nextStep: "Apply again: the next plan makes it anew.",
  });
}

function unsupported(spec: SandboxSpec, why: string): DiagnosticError {
  return new DiagnosticError({
    code: "HYPERVISOR_UNSUPPORTED",
    severity: "error",
    summary: `sandbox "${spec.name}" cannot be changed in place: ${why}`,
    nextStep: "Replace the sandbox.",
  });
}
