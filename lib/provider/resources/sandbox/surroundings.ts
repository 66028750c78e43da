import type { SandboxRecord } from "../../../hypervisor/hypervisor.ts";
import type { OpenHost } from "../client.ts";
import type { Surroundings } from "./sandbox-state.ts";

/**
 * What tells ids from paths and names, as far as these sandboxes need it.
 *
 * @param known ids of disks and seeds that a state has; others are asked for by their path, which for most drivers is their id
 */
export async function readSurroundings({ view }: OpenHost, record: SandboxRecord, known: readonly string[]): Promise<Surroundings> {
  const files = record.disks.flatMap(({ file }) => file ?? []);
  const asked = [...new Set([...known, ...files])];
  const [networks, ...found] = await Promise.all([
    view.networks(),
    ...asked.map(async (id) => (await view.disk(id)) ?? (await view.seed(id))),
  ]);
  return { networks, ids: new Map(found.flatMap((object) => (object ? [[object.path, object.id] as const] : []))) };
}
