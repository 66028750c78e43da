import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Lab, LabSandbox } from "../lab/lab.ts";
import { size } from "./difference.ts";

/** The lab of the last apply, and the lab that is to be. */
export interface LabChange {
  readonly applied?: Lab;
  readonly lab: Lab;
}

/**
 * Refuses disks that become smaller: whatever the guest had stored beyond the new end would be cut off.
 *
 * Reports `DISK_SHRINKS` for root and extra disks. A disk that was removed, or whose sandbox moves to another host, does not shrink: it is lost, and told so.
 */
export function checkDiskSizes({ applied, lab }: LabChange): Diagnostic[] {
  return Object.values(lab.sandboxes).flatMap((sandbox) => {
    const before = applied?.sandboxes[sandbox.name];
    if (before === undefined || before.host !== sandbox.host) return [];
    return [
      ...shrinks(sandbox, "the root disk", before.disk, sandbox.disk, ["disk"]),
      ...sandbox.disks.flatMap(({ name, size: bytes }, index) => {
        const was = before.disks.find((disk) => disk.name === name);
        return was ? shrinks(sandbox, `disk "${name}"`, was.size, bytes, ["disks", index, "size"]) : [];
      }),
    ];
  });
}

function shrinks(
  { name, writtenAs }: LabSandbox,
  disk: string,
  before: number,
  after: number,
  key: readonly (string | number)[],
): Diagnostic[] {
  if (after >= before) return [];
  return [
    {
      code: "DISK_SHRINKS",
      severity: "error",
      path: ["sandboxes", writtenAs, ...key],
      summary: `${disk} of sandbox "${name}" is ${size(before)} and cannot become ${size(after)}`,
      nextStep: `Set it to at least ${size(before)}. For a smaller one give the ${key[0] === "disk" ? "sandbox" : "disk"} another name: it is then made anew.`,
    },
  ];
}

/**
 * Says that another provider or hypervisor makes everything anew.
 *
 * Reports `LAB_PROVIDER_CHANGED`, `LAB_HYPERVISOR_CHANGED` as warnings; the losses are told by `checkLosses`.
 */
export function checkEngine({ applied, lab }: LabChange): Diagnostic[] {
  if (applied === undefined) return [];
  const names = Object.keys(applied.sandboxes);
  const codes = { provider: "LAB_PROVIDER_CHANGED", hypervisor: "LAB_HYPERVISOR_CHANGED" } as const;
  return (["provider", "hypervisor"] as const)
    .filter((key) => applied[key] !== lab[key])
    .map((key) => ({
      code: codes[key],
      severity: "warning",
      path: [key],
      summary: `the lab was applied with ${key} ${applied[key]} and is now for ${lab[key]}: every sandbox is rebuilt${names.length === 0 ? "" : ` (${names.join(", ")})`}`,
      nextStep: `Set \`${key}: ${applied[key]}\` to keep them.`,
    }));
}
