import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { SandboxSpec } from "../provisioning.ts";
import { checkLimits } from "../check-limits.ts";
import { kvmCapabilities } from "./capabilities.ts";
import { isOnThisMachine } from "./on-this-machine.ts";
import type { NetworkNames } from "./domain-xml.ts";
import { readVolumes } from "./read-volumes.ts";
import type { Virsh } from "./virsh.ts";

/** Ends with HYPERVISOR_UNSUPPORTED for what this driver cannot do. Pure. */
export function requireSupported(spec: SandboxSpec, uri: string): void {
  checkLimits(spec, kvmCapabilities);
  const { name, forwards } = spec;
  if (forwards.length === 0 || isOnThisMachine(uri)) return;
  throw failure(
    "HYPERVISOR_UNSUPPORTED",
    `sandbox "${name}" has forwarded ports (${forwards.map((forward) => forward.name).join(", ")}), which can be made on this machine only, and its host is ${uri}`,
    "Leave out its forwards, and tunnel: ssh -L PORT:ADDRESS:GUEST_PORT HOST.",
  );
}

/** Names of the networks that a sandbox is plugged into. @throws DiagnosticError OBJECT_NOT_FOUND for one that is not there */
export async function networkNames(virsh: Virsh, spec: SandboxSpec): Promise<NetworkNames> {
  const ids = [...new Set(spec.nics.map(({ network }) => network))];
  const names = ids.length === 0 ? [] : await virsh.batch(ids.map((id) => ["net-name", `--network=${id}`]));
  return new Map(
    ids.map((id, index) => {
      const name = names[index]?.trim() ?? "";
      if (name === "")
        throw failure(
          "OBJECT_NOT_FOUND",
          `sandbox "${spec.name}" has a NIC in network ${id}, which the host does not have`,
          "Make the network first.",
        );
      return [id, name];
    }),
  );
}

/** libvirt defines a sandbox also without its disks, and says so only when it is started. @throws DiagnosticError DISK_MISSING */
export async function requireFiles(virsh: Virsh, name: string, files: readonly string[]): Promise<void> {
  if (files.length === 0) return;
  const found = await readVolumes(virsh, files);
  const missing = files.filter((file) => !found.has(file));
  if (missing.length > 0)
    throw failure(
      "DISK_MISSING",
      `sandbox "${name}" needs ${missing.join(", ")}, which the host does not have`,
      "Make the disk or seed first.",
    );
}

function failure(code: Diagnostic["code"], summary: string, nextStep: string): DiagnosticError {
  return new DiagnosticError({ code, severity: "error", summary, nextStep });
}
