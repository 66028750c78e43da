import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Capabilities, SandboxSpec } from "./provisioning.ts";

/**
 * Refuses limits that a driver cannot keep, before anything is made or changed. Pure; shared by all drivers.
 *
 * @throws DiagnosticError HYPERVISOR_UNSUPPORTED where no limit can be; OUT_OF_RANGE for one that is below what the sandbox has
 */
export function checkLimits(
  { name, cpus, maxCpus, memoryBytes, maxMemoryBytes }: SandboxSpec,
  { hypervisor, live }: Pick<Capabilities, "hypervisor" | "live">,
): void {
  const noun = `sandbox ${JSON.stringify(name)}`;
  const check = (what: string, now: number, most: number | undefined, can: boolean): void => {
    if (most === undefined) return;
    if (!can)
      throw failure(
        "HYPERVISOR_UNSUPPORTED",
        `${noun} has a limit for its ${what}, which ${hypervisor} cannot change in a running guest`,
        "Leave the limit out: another number takes a reboot here.",
      );
    if (most < now) throw failure("OUT_OF_RANGE", `${noun} has ${what} beyond their limit: ${now} > ${most}`, "Raise the limit.");
  };
  check("CPUs", cpus, maxCpus, live.cpus);
  check("bytes of memory", memoryBytes, maxMemoryBytes, live.memory);
}

function failure(code: "HYPERVISOR_UNSUPPORTED" | "OUT_OF_RANGE", summary: string, nextStep: string): DiagnosticError {
  return new DiagnosticError({ code, severity: "error", summary, nextStep });
}
