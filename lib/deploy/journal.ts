import type { Lab } from "../lab/lab.ts";
import { nameOnHost } from "../lab/lab.ts";
import type { Plan } from "../terraform/plan.ts";
import { address } from "../../stacks/emit/names.ts";
import { readTextIfAny, removeIfAny, writePrivate } from "./files.ts";
import type { StateDirectory } from "./state-directory.ts";

/** Something that an apply means to make. */
export interface IntendedObject {
  /** Terraform's address: `libvirt_domain.sandbox_local_web-1`. */
  readonly address: string;
  readonly kind: "domain" | "network" | "volume" | "pool";
  readonly host: string;
  /** Name on the host. */
  readonly name: string;
  /** Of a volume: its pool. */
  readonly pool?: string;
}

/**
 * Written before Terraform starts and removed when it has ended in order. So one that is there belongs to a run that was killed: an object that it lists, that
 * exists, and that the state does not know, was made by that run and is in nobody's hands.
 */
export interface Journal {
  readonly deployment: string;
  readonly intended: readonly IntendedObject[];
}

export async function readJournal(state: StateDirectory): Promise<Journal | undefined> {
  const text = await readTextIfAny(state.journal);
  return text === undefined ? undefined : (JSON.parse(text) as Journal);
}

export async function writeJournal(state: StateDirectory, journal: Journal): Promise<void> {
  await writePrivate(state.journal, JSON.stringify(journal, null, 2));
}

export async function removeJournal(state: StateDirectory): Promise<void> {
  await removeIfAny(state.journal);
}

const kinds: Readonly<Record<string, IntendedObject["kind"]>> = {
  libvirt_domain: "domain",
  libvirt_network: "network",
  libvirt_volume: "volume",
  libvirt_pool: "pool",
  terrarium_sandbox: "domain",
  terrarium_network: "network",
  terrarium_disk: "volume",
  terrarium_seed: "volume",
};

/** True for an object of our own provider: it takes over what it made before a kill, so nothing has to be removed for it. */
export function isAdopted({ address: resource }: Pick<IntendedObject, "address">): boolean {
  return resource.startsWith("terrarium_");
}

/** What a plan creates, replacements included. Names that Terraform does not know yet are filled in from the lab. */
export function intendedObjects(plan: Plan, lab: Lab, deployment: string): IntendedObject[] {
  const hosts = new Map<string, string>();
  for (const sandbox of Object.values(lab.sandboxes)) {
    for (const id of [
      address.sandbox(sandbox),
      address.rootDisk(sandbox),
      address.seed(sandbox),
      ...sandbox.disks.map(({ name }) => address.extraDisk(sandbox, name)),
    ]) {
      hosts.set(id, sandbox.host);
    }
  }
  for (const network of Object.values(lab.networks)) hosts.set(address.network(network), network.host);
  for (const host of Object.keys(lab.hosts)) hosts.set(address.pool(host), host);

  return (plan.resource_changes ?? []).flatMap((resource) => {
    const kind = kinds[resource.type];
    const host = hosts.get(resource.name);
    if (kind === undefined || host === undefined || !creates(resource.change.actions)) return [];
    const after = resource.change.after as { readonly name?: string } | null;
    // Ours are called as in the lab, and get its prefix on the host.
    const ours = after?.name !== undefined && isAdopted(resource) && kind !== "volume";
    const name = (ours ? nameOnHost(lab, after.name) : after?.name) ?? (kind === "pool" ? poolName(lab, deployment) : undefined);
    if (name === undefined) return [];
    return [{ address: resource.address, kind, host, name, pool: kind === "volume" ? poolName(lab, deployment) : undefined }];
  });
}

/** Name of the lab's storage pool on each of its hosts. */
export function poolName(lab: Pick<Lab, "name">, deployment: string): string {
  return nameOnHost(lab, deployment);
}

function creates(actions: readonly string[]): boolean {
  return actions.includes("create");
}
