import { randomUUID } from "node:crypto";
import type { SandboxRecord } from "../hypervisor.ts";
import type { SandboxSpec } from "../provisioning.ts";
import { closeForwards, handOver, openNewForwards } from "./forwards/bring-forwards.ts";
import { domainXml } from "./domain-xml.ts";
import { listDomains, readDomains } from "./list-domains.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { networkNames, requireFiles, requireSupported } from "./sandbox-needs.ts";
import { requireOwn } from "./stranger.ts";
import { bringDomain } from "./update-domain.ts";
import { hasCode, type Virsh } from "./virsh.ts";
import { withXmlFile } from "./xml-file.ts";

/** Makes a sandbox, or takes over the one that this deployment has under that name. Does not start it. */
export async function createDomain(virsh: Virsh, spec: SandboxSpec, enterNetwork: readonly string[] = []): Promise<SandboxRecord> {
  requireSupported(spec, virsh.uri);
  return await oneAtATime(`${virsh.uri} sandbox ${spec.name}`, async () => {
    const found = await findByName(virsh, spec.name);
    if (found) return await takeOver(virsh, found, spec, enterNetwork);
    const id = randomUUID();
    const networks = await networkNames(virsh, spec);
    await requireFiles(virsh, spec.name, [...spec.disks, ...(spec.seed === undefined ? [] : [spec.seed])]);
    const ports = await openNewForwards(spec);
    try {
      await withXmlFile(domainXml(spec, id, networks), (file) => virsh.run(["define", "--validate", file]));
    } catch (error) {
      await closeForwards(ports);
      // Another process was faster.
      const faster = hasCode(error, "OBJECT_EXISTS") ? await findByName(virsh, spec.name) : undefined;
      if (!faster) throw error;
      return await takeOver(virsh, faster, spec, enterNetwork);
    }
    await handOver({ uri: virsh.uri, enterNetwork }, id, ports);
    if (spec.autostart) await virsh.run(["autostart", id]);
    const [made] = await readDomains(virsh, [id], new Set(spec.autostart ? [id] : []));
    if (!made) throw new Error(`Sandbox ${spec.name} was removed by somebody while it was being made`);
    return made;
  });
}

async function takeOver(virsh: Virsh, found: SandboxRecord, spec: SandboxSpec, enterNetwork: readonly string[]): Promise<SandboxRecord> {
  requireOwn("sandbox", spec.name, found.owner, spec.owner);
  return await bringDomain(virsh, found.id, spec, { otherBootDisk: true, enterNetwork });
}

async function findByName(virsh: Virsh, name: string): Promise<SandboxRecord | undefined> {
  const [id = ""] = await virsh.batch([["domuuid", `--domain=${name}`]]);
  if (id.trim() === "") return undefined;
  const [found] = await readDomains(virsh, [id.trim()], new Set());
  // virsh takes a name that is a number for a running domain's number: then all are looked through.
  return found?.name === name ? found : (await listDomains(virsh)).find((one) => one.name === name);
}
