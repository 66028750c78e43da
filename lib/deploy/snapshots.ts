import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { SnapshotRecord } from "../hypervisor/provisioning.ts";
import type { Deployed } from "./deployed.ts";
import { endSharedConnection } from "./end-shared-connection.ts";
import { oneSandbox, presentSandbox, type PresentSandbox } from "./one-sandbox.ts";

/** libvirt and VirtualBox both take it, and it is a file's name on every system. */
const validName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;

/** Those of one sandbox, oldest first. */
export async function listSnapshots(deployed: Deployed, sandbox: string): Promise<readonly SnapshotRecord[]> {
  const { host, record } = await present(deployed, sandbox);
  return await host.hypervisor.listSnapshots(record.id);
}

/**
 * Keeps the sandbox's disks as they are now, and its memory too if it runs.
 *
 * @throws DiagnosticError BAD_OPTION for a name that no snapshot can have, or that one has
 */
export async function takeSnapshot(deployed: Deployed, sandbox: string, name: string): Promise<SnapshotRecord> {
  if (!validName.test(name))
    throw bad(
      `expected a name of letters, digits, "_", "." and "-" for the snapshot, found ${JSON.stringify(name)}`,
      "Choose such a name, with at most 63 characters.",
    );
  const { host, record } = await present(deployed, sandbox);
  const taken = await host.hypervisor.listSnapshots(record.id);
  if (taken.some((one) => one.name === name))
    throw bad(
      `sandbox "${sandbox}" has a snapshot "${name}" already`,
      `Choose another name, or remove it: terrarium snapshot remove ${sandbox} ${name}.`,
    );
  return await host.hypervisor.takeSnapshot(record.id, name);
}

/** Brings the sandbox back to it: what its disks and its memory got since then is lost. */
export async function restoreSnapshot(deployed: Deployed, sandbox: string, name: string): Promise<void> {
  const { one, snapshot } = await existing(deployed, sandbox, name);
  // The guest of then knows nothing of it.
  await endSharedConnection(deployed.sshConfig, one.sandbox.name);
  await one.host.hypervisor.restoreSnapshot(one.record.id, snapshot.id);
}

/** Removes what was kept. The sandbox stays as it is. */
export async function removeSnapshot(deployed: Deployed, sandbox: string, name: string): Promise<void> {
  const { one, snapshot } = await existing(deployed, sandbox, name);
  await one.host.hypervisor.removeSnapshot(one.record.id, snapshot.id);
}

async function existing(
  deployed: Deployed,
  sandbox: string,
  name: string,
): Promise<{ readonly one: PresentSandbox; readonly snapshot: SnapshotRecord }> {
  const one = await present(deployed, sandbox);
  const all = await one.host.hypervisor.listSnapshots(one.record.id);
  const snapshot = all.find((record) => record.name === name);
  if (snapshot) return { one, snapshot };
  const known = all.length === 0 ? "it has none" : `it has ${all.map((record) => record.name).join(", ")}`;
  throw new DiagnosticError({
    code: "OBJECT_NOT_FOUND",
    severity: "error",
    summary: `sandbox "${sandbox}" has no snapshot "${name}": ${known}`,
    nextStep: `Name one of those, or take one: terrarium snapshot take ${sandbox} ${name}.`,
  });
}

async function present(deployed: Deployed, sandbox: string): Promise<PresentSandbox> {
  return await presentSandbox(deployed, oneSandbox(deployed, sandbox));
}

function bad(summary: string, nextStep: string): DiagnosticError {
  return new DiagnosticError({ code: "BAD_OPTION", severity: "error", summary, nextStep });
}
