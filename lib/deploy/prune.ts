import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Hypervisor } from "../hypervisor/hypervisor.ts";
import { variable } from "../../stacks/emit/names.ts";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { readTextIfAny } from "./files.ts";
import type { HostLab } from "./host-labs.ts";
import { stateDirectory } from "./state-directory.ts";
import { whichLab } from "./which-lab.ts";

/**
 * What may go without being named: deployments that have no sandbox, so that nobody can use what is there. Whether a deployment with sandboxes is still somebody's
 * cannot be told from here: their state may be on another machine.
 *
 * @param own this folder's deployment, which is never among them
 */
export function leftovers(labs: readonly HostLab[], own: string | undefined): HostLab[] {
  return labs.filter(({ deployment, sandboxes }) => sandboxes.length === 0 && deployment !== own);
}

/** Removes all that a deployment has on a host, its data included. */
export async function removeHostLab(hypervisor: Hypervisor, { sandboxes, networks, pools }: HostLab): Promise<void> {
  for (const { id } of sandboxes) {
    const log = await hypervisor.consoleFile(id);
    await hypervisor.remove(id);
    if (log !== undefined) await rm(log, { force: true });
  }
  for (const { id } of networks) await hypervisor.removeNetwork(id);
  for (const name of pools) await hypervisor.removePool(name, { volumes: true });
}

/** The id of what was applied from a lab file's folder; undefined if nothing was. */
export async function ownDeployment(place: {
  readonly file: string;
  readonly cwd: string;
  readonly instance?: string;
}): Promise<string | undefined> {
  try {
    const { directory, name } = await whichLab(place);
    const text = await readTextIfAny(join(stateDirectory(directory, name).terraform, "terrarium.auto.tfvars.json"));
    const id = text === undefined ? undefined : (JSON.parse(text) as Readonly<Record<string, unknown>>)[variable.deploymentId];
    return typeof id === "string" ? id : undefined;
  } catch (error) {
    if (error instanceof DiagnosticError) return undefined;
    throw error;
  }
}
