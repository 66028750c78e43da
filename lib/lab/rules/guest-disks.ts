import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { LabGuestSettings } from "../guest-settings.ts";
import type { SandboxDraft } from "../settings/expand-sandboxes.ts";

type GuestDisks = NonNullable<LabGuestSettings["disks"]>;

/** Checks that each disk which cloud-init is to use is one of the sandbox's, is named once, and is used in one way. */
export function checkGuestDisks(disks: GuestDisks = [], { writtenAs, settings, at }: SandboxDraft): Diagnostic[] {
  const known = (settings.disks ?? []).map(({ name }, index) => name ?? `disk${index + 1}`);
  return disks.flatMap((disk, index) => {
    const path = at("cloudInit", "disks", index);
    const name = typeof disk.disk === "string" ? disk.disk : "";
    const problems: Diagnostic[] = [];
    const tell = (code: "UNKNOWN_DISK" | "DISK_LAYOUT", summary: string, nextStep: string): void =>
      void problems.push({ code, severity: "error", path, summary, nextStep });
    if (!known.includes(name)) {
      const next = known.length === 0 ? "Declare it under the sandbox's `disks`." : `It has: ${known.join(", ")}.`;
      tell("UNKNOWN_DISK", `sandbox "${writtenAs}" has no disk "${name}"`, next);
    }
    if (disks.findIndex((other) => other.disk === disk.disk) !== index) {
      tell("DISK_LAYOUT", `disk "${name}" is named twice in \`cloudInit.disks\``, "Say all of it in one entry.");
    }
    const whole = (["fileSystem", "label", "mount", "options"] as const).filter((key) => disk[key] !== undefined);
    if (disk.partitions && whole.length > 0) {
      tell("DISK_LAYOUT", `disk "${name}" has partitions, and ${whole.join(", ")} for the whole disk`, "Write these at its partitions.");
    }
    const percent = (disk.partitions ?? []).reduce((sum, partition) => sum + partition.percent, 0);
    if (percent > 100) {
      tell("DISK_LAYOUT", `the partitions of disk "${name}" take ${percent} percent of it`, "Give them 100 percent together, at most.");
    }
    return problems;
  });
}
