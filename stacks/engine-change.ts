import type { Diagnostic } from "../lib/diagnostics/diagnostic.ts";

/**
 * Another provider or hypervisor takes two applies, destroy and then create: the new program has no provider block for the old objects, and both claim the same names. The
 * `terrarium` command does the two; whoever drives a stack applies once, so there it is an error.
 */
export function refuseEngineChange(diagnostic: Diagnostic): Diagnostic {
  if (diagnostic.code !== "LAB_PROVIDER_CHANGED" && diagnostic.code !== "LAB_HYPERVISOR_CHANGED") return diagnostic;
  return {
    ...diagnostic,
    severity: "error",
    nextStep: "Destroy the lab with the former setting, take its entry out of terrarium.lock.yaml, and deploy again.",
  };
}
