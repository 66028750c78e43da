import { setTimeout as sleep } from "node:timers/promises";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { Cidr } from "../../units/cidr.ts";
import type { NetworkRecord } from "../hypervisor.ts";
import type { NetworkSpec } from "../provisioning.ts";
import { settingTexts } from "../network-settings.ts";
import { servedParts } from "../served.ts";
import { sameOwner } from "../same-owner.ts";
import { requireSoundNetwork } from "./check-network.ts";
import { serialize } from "./element.ts";
import { networkEdits, type NetworkEdit } from "./network-edits.ts";
import { listDomains } from "./list-domains.ts";
import { findNetwork } from "./networks.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { reconnectNics } from "./reconnect-nics.ts";
import { replaceOwner } from "./owner.ts";
import { hasCode, type Virsh } from "./virsh.ts";
import { withXmlFile } from "./xml-file.ts";
import { parseXml } from "./xml.ts";

/** How often an update starts again because another process edited the same entries. */
const attempts = 8;

/** What of a network is otherwise than asked for, and cannot be changed while it is there. Pure. */
export function fixedDifferences(found: NetworkRecord, spec: NetworkSpec): string[] {
  const served = servedParts(spec);
  const kind = (openvswitch: boolean | undefined): string => (openvswitch === true ? "Open vSwitch" : "Linux");
  const compare = (what: string, is: string | undefined, wanted: string | undefined): string[] =>
    wanted === undefined || is === wanted ? [] : [`${what} is ${is ?? "none"}, not ${wanted}`];
  return [
    ...compare("name", found.name, spec.name),
    ...compare("mode", found.mode, spec.mode),
    ...(served
      ? [
          ...compare("address", found.addresses[0], `${served.gateway}/${Cidr.parse(served.cidr).prefix}`),
          ...compare("DNS domain", found.domain, served.domain),
        ]
      : []),
    ...(spec.mode === "bridged" ? [] : settingDifferences(found, spec)),
    ...compare("bridge", found.bridge, spec.bridge),
    ...compare("interface", found.interface ?? "none", spec.mode === "bridged" ? (spec.interface ?? "none") : undefined),
    ...compare("VLAN", String(found.vlan ?? "none"), spec.mode === "bridged" ? String(spec.vlan ?? "none") : undefined),
    ...compare("kind of bridge", kind(found.openvswitch), spec.mode === "bridged" ? kind(spec.openvswitch) : undefined),
  ];
}

function settingDifferences(found: NetworkRecord, spec: NetworkSpec): string[] {
  const is = settingTexts(found);
  return Object.entries(settingTexts(spec)).flatMap(([what, wanted]) =>
    is[what] === wanted ? [] : [`${what} is ${is[what]}, not ${wanted}`],
  );
}

/** Brings reservations, records and owner to the specification, and starts a network that somebody stopped. */
export async function updateNetwork(virsh: Virsh, id: string, spec: NetworkSpec): Promise<NetworkRecord> {
  requireSoundNetwork(spec);
  return await oneAtATime(`${virsh.uri} network ${id}`, async () => {
    for (let attempt = 1; ; attempt += 1) {
      const found = await read(virsh, id);
      requireFixed(found, spec);
      try {
        await bring(virsh, found, spec);
        return await read(virsh, id);
      } catch (error) {
        // An entry that is there already, or gone already: another process was faster. What it left is read anew.
        if (attempt === attempts || !hasCode(error, "OBJECT_EXISTS", "OBJECT_NOT_FOUND", "OBJECT_ALREADY_SO")) throw error;
        await sleep(Math.random() * 100 * attempt);
      }
    }
  });
}

function requireFixed(found: NetworkRecord, spec: NetworkSpec): void {
  const differences = fixedDifferences(found, spec);
  if (differences.length === 0) return;
  throw new DiagnosticError({
    code: "HYPERVISOR_UNSUPPORTED",
    severity: "error",
    summary: `network "${spec.name}" cannot be changed in place: ${differences.join(", ")}`,
    nextStep: "Replace the network: its sandboxes are plugged into the new one.",
  });
}

async function bring(virsh: Virsh, { id, active, owner }: NetworkRecord, spec: NetworkSpec): Promise<void> {
  const stored = parseXml(await virsh.run(["net-dumpxml", id, "--inactive"]));
  if (!owner || !sameOwner(owner, spec.owner)) {
    // libvirt has no command for a network's metadata. What is stored is shown at once, and the network goes on as it is.
    replaceOwner(stored, spec.owner);
    await withXmlFile(serialize(stored), (file) => virsh.run(["net-define", "--validate", file]));
  }
  const toStore = networkEdits(stored, spec);
  const toDo = active ? networkEdits(parseXml(await virsh.run(["net-dumpxml", id])), spec) : [];
  const text = (edit: NetworkEdit): string => edit.join("\n");
  const [stores, does] = [new Set(toStore.map(text)), new Set(toDo.map(text))];
  for (const edit of toDo) await virsh.run(["net-update", id, ...edit, "--live", ...(stores.has(text(edit)) ? ["--config"] : [])]);
  for (const edit of toStore) if (!does.has(text(edit))) await virsh.run(["net-update", id, ...edit, "--config"]);
  await virsh.run(["net-autostart", id]);
  if (active) return;
  await virsh.tryRun(["net-start", id], ["OBJECT_ALREADY_SO"]);
  const sandboxes = (await listDomains(virsh)).filter(({ nics }) => nics.some(({ network }) => network === spec.name));
  await reconnectNics(
    virsh,
    sandboxes.map((sandbox) => sandbox.id),
    spec.owner,
  );
}

async function read(virsh: Virsh, id: string): Promise<NetworkRecord> {
  const found = await findNetwork(virsh, id);
  if (found) return found;
  throw new DiagnosticError({
    code: "OBJECT_NOT_FOUND",
    severity: "error",
    summary: `the host has no network with the id ${id}`,
    nextStep: "Apply again: the next plan makes it anew.",
  });
}
