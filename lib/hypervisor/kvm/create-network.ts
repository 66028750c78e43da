import { randomUUID } from "node:crypto";
import type { NetworkRecord } from "../hypervisor.ts";
import type { NetworkSpec } from "../provisioning.ts";
import { requireSoundNetwork } from "./check-network.ts";
import { networkXml } from "./network-xml.ts";
import { findNetwork, listNetworks, removeNetwork } from "./networks.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { requireOwn } from "./stranger.ts";
import { fixedDifferences, updateNetwork } from "./update-network.ts";
import { hasCode, type Virsh } from "./virsh.ts";
import { withXmlFile } from "./xml-file.ts";

/** Makes a network and starts it, or takes over the one that this deployment has under that name. */
export async function createNetwork(virsh: Virsh, spec: NetworkSpec): Promise<NetworkRecord> {
  requireSoundNetwork(spec);
  return await oneAtATime(`${virsh.uri} network ${spec.name}`, async () => {
    const found = (await listNetworks(virsh)).find(({ name }) => name === spec.name);
    return found ? await takeOver(virsh, found, spec) : await define(virsh, spec);
  });
}

async function takeOver(virsh: Virsh, found: NetworkRecord, spec: NetworkSpec): Promise<NetworkRecord> {
  requireOwn("network", spec.name, found.owner, spec.owner);
  if (fixedDifferences(found, spec).length === 0) return await updateNetwork(virsh, found.id, spec);
  // Left by a run that was killed before it was recorded, and of another form than is wanted now.
  await removeNetwork(virsh, found.id);
  return await define(virsh, spec);
}

async function define(virsh: Virsh, spec: NetworkSpec): Promise<NetworkRecord> {
  const id = randomUUID();
  try {
    await withXmlFile(networkXml(spec, id), (file) => virsh.run(["net-define", "--validate", file]));
  } catch (error) {
    // Another process was faster.
    const found = hasCode(error, "OBJECT_EXISTS") ? (await listNetworks(virsh)).find(({ name }) => name === spec.name) : undefined;
    if (!found) throw error;
    return await takeOver(virsh, found, spec);
  }
  try {
    await virsh.run(["net-autostart", id]);
    await virsh.tryRun(["net-start", id], ["OBJECT_ALREADY_SO"]);
  } catch (error) {
    // Where the connection is lost, too, the definition stays; the next create takes it over.
    if (!hasCode(error, "HOST_LOST", "HOST_TIMEOUT", "HOST_UNREACHABLE")) await removeNetwork(virsh, id);
    throw error;
  }
  const made = await findNetwork(virsh, id);
  if (!made) throw new Error(`Network ${spec.name} was removed by somebody while it was being made`);
  return made;
}
