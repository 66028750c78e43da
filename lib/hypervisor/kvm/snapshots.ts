import type { SnapshotRecord } from "../provisioning.ts";
import { readDomains } from "./list-domains.ts";
import { serialize } from "./element.ts";
import { bootWithPluggedCpus } from "./live-limits.ts";
import { hasCode, type Virsh } from "./virsh.ts";
import { withXmlFile } from "./xml-file.ts";
import { attribute, descend, parseXml, textOf } from "./xml.ts";

/** Memory is written to the disk, or read from it, while nobody answers. */
const timeout = 10 * 60_000;

/**
 * Snapshots are internal: in the disks' own files, the memory beside. External ones cannot be restored with this libvirt, and their chains are one
 * wrong `blockcommit` away from a shared image.
 */
export async function listSnapshots(virsh: Virsh, sandbox: string): Promise<SnapshotRecord[]> {
  const list = (await virsh.tryRun(["snapshot-list", `--domain=${sandbox}`, "--name"], ["OBJECT_NOT_FOUND"])) ?? "";
  const names = list.split("\n").filter((name) => name.trim() !== "");
  if (names.length === 0) return [];
  const definitions = await virsh.batch(names.map((name) => ["snapshot-dumpxml", `--domain=${sandbox}`, `--snapshotname=${name}`]));
  const records = definitions.flatMap((xml) => (xml.trim() === "" ? [] : [readSnapshot(xml)]));
  return records.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
}

/** Translates a snapshot's XML. Pure. */
export function readSnapshot(xml: string): SnapshotRecord {
  const snapshot = parseXml(xml);
  const name = textOf(snapshot, "name") ?? "";
  const memory = attribute(descend(snapshot, "memory"), "snapshot");
  return {
    id: name,
    name,
    createdAt: new Date(Number(textOf(snapshot, "creationTime") ?? 0) * 1000).toISOString(),
    running: memory !== undefined && memory !== "no",
  };
}

export async function takeSnapshot(virsh: Virsh, sandbox: string, name: string): Promise<SnapshotRecord> {
  try {
    await virsh.run(["snapshot-create-as", `--domain=${sandbox}`, `--name=${name}`, "--atomic"], { timeout });
  } catch (error) {
    if (!hasCode(error, "OBJECT_EXISTS")) throw error;
  }
  const xml = await virsh.run(["snapshot-dumpxml", `--domain=${sandbox}`, `--snapshotname=${name}`, "--security-info"]);
  const snapshot = readSnapshot(xml);
  const root = parseXml(xml);
  const domain = descend(root, "domain");
  if (snapshot.running && domain && bootWithPluggedCpus(domain))
    await withXmlFile(serialize(root), (file) => virsh.run(["snapshot-create", `--domain=${sandbox}`, file, "--redefine"]));
  return snapshot;
}

/** Brings back disks, and memory where the snapshot has it; also the definition as it was then, which the next plan shows and heals. */
export async function restoreSnapshot(virsh: Virsh, sandbox: string, snapshot: string): Promise<void> {
  const revert = ["snapshot-revert", `--domain=${sandbox}`, `--snapshotname=${snapshot}`];
  try {
    await virsh.run(revert, { timeout });
  } catch (error) {
    // Its devices are others now: then QEMU is started anew, which loses nothing but what restoring loses anyway.
    if (!hasCode(error, "CHANGE_NEEDS_STOP")) throw error;
    await virsh.run([...revert, "--force"], { timeout });
  }
  const [domain] = await readDomains(virsh, [sandbox], new Set());
  // Its clock is where it was then; without an agent the guest has to find out by itself.
  if (domain?.state === "running" && domain.agent === "connected")
    await virsh.tryRun(["domtime", sandbox, "--sync"], ["AGENT_DOWN", "OBJECT_ALREADY_SO"]);
}

export async function removeSnapshot(virsh: Virsh, sandbox: string, snapshot: string): Promise<void> {
  await virsh.tryRun(["snapshot-delete", `--domain=${sandbox}`, `--snapshotname=${snapshot}`], ["OBJECT_NOT_FOUND"], { timeout });
}
