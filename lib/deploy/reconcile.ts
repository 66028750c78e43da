import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { stateObjects, type State } from "../terraform/state.ts";
import type { DeployHost } from "./hosts.ts";
import { isAdopted, removeJournal, type IntendedObject, type Journal } from "./journal.ts";
import type { StateDirectory } from "./state-directory.ts";

export interface ReconcileOptions {
  readonly state: StateDirectory;
  readonly journal: Journal;
  readonly stored: State | undefined;
  readonly hosts: readonly DeployHost[];
}

/**
 * Puts in order what a killed apply left: an object that it meant to make, that is there, and that the state does not know, is removed, so that the next apply can
 * make it. Objects of our own provider stay: it takes them over when it makes them again. Only objects that say they are this deployment's are touched; volumes say so by their pool.
 *
 * @returns a notice for what was removed
 */
export async function reconcile({ state, journal, stored, hosts }: ReconcileOptions): Promise<Diagnostic[]> {
  const known = new Set((stored ? stateObjects(stored) : []).map(({ address }) => address));
  const lost = journal.intended.filter((object) => !known.has(object.address) && !isAdopted(object));
  const removed: string[] = [];
  for (const host of hosts) {
    const here = lost.filter((object) => object.host === host.name);
    if (here.length > 0) removed.push(...(await removeLost(host, here, journal.deployment)));
  }
  await removeJournal(state);
  if (removed.length === 0) return [];
  return [
    {
      code: "LEFTOVERS_REMOVED",
      severity: "notice",
      summary: `an earlier run was killed; what it had made without recording it was removed: ${removed.join(", ")}`,
    },
  ];
}

/** Domains before what they use; the pool last. */
async function removeLost({ hypervisor }: DeployHost, lost: readonly IntendedObject[], deployment: string): Promise<string[]> {
  const removed: string[] = [];
  const [sandboxes, networks, pools] = await Promise.all([hypervisor.listSandboxes(), hypervisor.listNetworks(), hypervisor.listPools()]);
  const names = (kind: IntendedObject["kind"]) => new Set(lost.filter((object) => object.kind === kind).map(({ name }) => name));
  for (const { id, name, owner } of sandboxes) {
    if (owner?.deployment !== deployment || !names("domain").has(name)) continue;
    await hypervisor.remove(id);
    removed.push(`sandbox ${name}`);
  }
  for (const { id, name, owner } of networks) {
    if (owner?.deployment !== deployment || !names("network").has(name)) continue;
    await hypervisor.removeNetwork(id);
    removed.push(`network ${name}`);
  }
  for (const pool of pools) {
    if (!pool.name.endsWith(`-${deployment}`)) continue;
    // The pool itself is lost: then the state has none of its volumes.
    if (names("pool").has(pool.name)) {
      await hypervisor.removePool(pool.name, { volumes: true });
      removed.push(`pool ${pool.name}`);
      continue;
    }
    const volumes = await hypervisor.listVolumes(pool.name);
    const gone = volumes.filter(({ name }) => names("volume").has(name));
    for (const { name } of gone) {
      await hypervisor.removeVolume(pool.name, name);
      removed.push(`volume ${name}`);
    }
  }
  return removed;
}
