import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { LabProbe, LabSandbox } from "../lab.ts";
import type { Path } from "../path.ts";

/** A sandbox as these rules see it. */
export interface AwaitedSandbox {
  readonly writtenAs: string;
  readonly ready: LabSandbox["ready"];
  readonly seed: LabSandbox["seed"];
  readonly probes: readonly LabProbe[];
  readonly timeouts: { readonly ready?: number; readonly shutdown?: number };
  readonly at: (...path: Path) => Path;
}

/** Checks that what is waited for can happen: cloud-init needs a seed, a command needs a login, a wait needs time. */
export function checkReadiness({ writtenAs, ready, seed, probes, timeouts, at }: AwaitedSandbox): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  if (ready === "cloudInit" && seed === "none") {
    diagnostics.push({
      code: "READY_NEEDS_SEED",
      severity: "error",
      path: at("ready"),
      summary: `sandbox "${writtenAs}" waits for cloud-init, and with \`seed: none\` nothing tells cloud-init to do anything`,
      nextStep: "Write `ready: ssh`, or take `seed: none` out.",
    });
  }
  for (const [index, probe] of probes.entries()) {
    if (ready !== "none" || !("exec" in probe)) continue;
    diagnostics.push({
      code: "PROBE_NEEDS_READY",
      severity: "error",
      path: at("probes", index),
      summary: `sandbox "${writtenAs}" runs a command as its probe, and with \`ready: none\` nothing waits until one can log in`,
      nextStep: "Write `ready: ssh`, or take the probe out.",
    });
  }
  for (const key of ["ready", "shutdown"] as const) {
    if (timeouts[key] !== 0) continue;
    diagnostics.push({
      code: "TIMEOUT_ZERO",
      severity: "error",
      path: at("timeouts", key),
      summary: `the ${key} timeout of sandbox "${writtenAs}" is no time at all`,
      nextStep: key === "ready" ? "Write a longer time; `ready: none` does not wait." : "Write a longer time, `1s` at least.",
    });
  }
  return diagnostics;
}
