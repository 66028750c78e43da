import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { LabSandbox } from "../lab.ts";
import type { NicDraft } from "../sandbox-nics.ts";

/** Checks that something brings into the guest what its NICs say: a seed, and no network configuration of the user's own, which would win. */
export function checkGuestNicSeed(nics: readonly NicDraft[], { seed, cloudInit }: Pick<LabSandbox, "seed" | "cloudInit">): Diagnostic[] {
  const written = nics.flatMap(({ guest, sandbox, network }) => (guest === undefined ? [] : [{ guest, sandbox, network }]));
  if (seed === "none") {
    return written.map(({ guest, sandbox, network }) => ({
      code: "NIC_NEEDS_SEED",
      severity: "error",
      path: [...guest.path, guest.firstKey],
      summary: `sandbox "${sandbox}" has \`${guest.firstKey}\` in network "${network}", and with \`seed: none\` nothing brings it into the guest`,
      nextStep: "Take `seed: none` out, or the key.",
    }));
  }
  if (cloudInit.networkConfig === undefined) return [];
  return written.map(({ guest, sandbox, network }) => ({
    code: "NIC_AND_NETWORK_CONFIG",
    severity: "error",
    path: [...guest.path, guest.firstKey],
    summary: `sandbox "${sandbox}" has \`${guest.firstKey}\` in network "${network}" and a networkConfig of its own, which would win`,
    nextStep: "Say it in one place: take the key out, or `cloudInit.networkConfig`.",
  }));
}
