import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { Size } from "../../units/size.ts";
import type { Lab, LabSandbox } from "../lab.ts";
import type { SandboxDraft } from "../settings/expand-sandboxes.ts";

/** What a limit limits, in words. */
const limits = [
  ["maxCpus", "cpus", (number: number) => `${number} CPUs`],
  ["maxMemory", "memory", (bytes: number) => `${Size.bytes(bytes).toString()} of memory`],
] as const;

/**
 * Checks that hypervisor and provider can change CPUs and memory of a running guest where the sandbox has limits for it, and that no limit is below what it limits.
 *
 * Reports `HYPERVISOR_UNSUPPORTED` and `LIMIT_TOO_LOW`.
 */
export function checkLiveLimits(
  sandbox: Pick<LabSandbox, "writtenAs" | "cpus" | "maxCpus" | "memory" | "maxMemory">,
  at: SandboxDraft["at"],
  { hypervisor, provider }: Pick<Lab, "hypervisor" | "provider">,
): Diagnostic[] {
  const noun = `sandbox "${sandbox.writtenAs}"`;
  return limits.flatMap(([limit, key, amount]): Diagnostic[] => {
    const most = sandbox[limit];
    if (most === undefined) return [];
    const place = { severity: "error", path: at(limit) } as const;
    if (hypervisor === "virtualbox")
      return [
        {
          ...place,
          code: "HYPERVISOR_UNSUPPORTED",
          summary: `${noun} has \`${limit}\`, and VirtualBox does not change \`${key}\` in a running guest`,
          nextStep: `Leave it out: another \`${key}\` is a reboot here. Or write \`hypervisor: kvm\`.`,
        },
      ];
    if (provider === "libvirt")
      return [
        {
          ...place,
          code: "HYPERVISOR_UNSUPPORTED",
          summary: `${noun} has \`${limit}\`, and provider "libvirt" does not change \`${key}\` in a running guest`,
          nextStep: `Write \`provider: terrarium\`, or leave it out: another \`${key}\` is a reboot here.`,
        },
      ];
    if (most >= sandbox[key]) return [];
    return [
      {
        ...place,
        code: "LIMIT_TOO_LOW",
        summary: `${noun} has ${amount(sandbox[key])}, and a limit of ${amount(most)}`,
        nextStep: `Raise \`${limit}\` to at least ${amount(sandbox[key])}, or lower \`${key}\`.`,
      },
    ];
  });
}
