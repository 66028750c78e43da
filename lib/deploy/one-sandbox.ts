import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { SandboxRecord } from "../hypervisor/hypervisor.ts";
import { selectSandboxes, type Deployed, type DeployedSandbox } from "./deployed.ts";
import { findSandbox } from "./find-sandbox.ts";

/** A sandbox of the lab that is on its host, as the host has it. */
export interface PresentSandbox extends DeployedSandbox {
  readonly record: SandboxRecord;
}

/**
 * The one sandbox that a name means.
 *
 * @throws DiagnosticError UNKNOWN_SANDBOX; BAD_OPTION if the name stands for several copies
 */
export function oneSandbox(deployed: Deployed, name: string): DeployedSandbox {
  const selected = selectSandboxes(deployed, [name]);
  const exact = selected.find(({ sandbox }) => sandbox.name === name) ?? (selected.length === 1 ? selected[0] : undefined);
  if (exact) return exact;
  throw new DiagnosticError({
    code: "BAD_OPTION",
    severity: "error",
    summary: `expected one sandbox, but "${name}" stands for ${selected.length}`,
    nextStep: `Name one of them: ${selected.map(({ sandbox }) => sandbox.name).join(", ")}.`,
  });
}

/**
 * The same, as its host has it.
 *
 * @throws DiagnosticError OBJECT_NOT_FOUND if the host has none, or a stranger of its name
 */
export async function presentSandbox(deployed: Deployed, one: DeployedSandbox): Promise<PresentSandbox> {
  const { sandbox, host, nameOnHost } = one;
  const record = await findSandbox(host, nameOnHost);
  if (record?.owner?.lab === deployed.lab.name) return { ...one, record };
  throw new DiagnosticError({
    code: "OBJECT_NOT_FOUND",
    severity: "error",
    summary: `sandbox "${sandbox.name}" is not on host "${host.name}"${record ? `; what is called ${nameOnHost} there belongs to somebody else` : ""}`,
    nextStep: "Make it: terrarium apply.",
  });
}

/**
 * The one sandbox that a name means, for what only a running one can do.
 *
 * @throws DiagnosticError as `oneSandbox` and `presentSandbox`; SANDBOX_NOT_RUNNING
 */
export async function oneRunningSandbox(deployed: Deployed, name: string): Promise<PresentSandbox> {
  const present = await presentSandbox(deployed, oneSandbox(deployed, name));
  const { sandbox, record } = present;
  if (record.state === "running") return present;
  throw new DiagnosticError({
    code: "SANDBOX_NOT_RUNNING",
    severity: "error",
    summary: `sandbox "${sandbox.name}" is ${record.state} (${record.reason})`,
    nextStep: `Start it: terrarium start ${sandbox.name}.`,
  });
}
