import { bridgedNetworks } from "./bridged-networks.ts";
import type { Forward, Owner, SandboxRecord, SandboxState } from "../hypervisor.ts";
import type { View } from "./host.ts";
import type { Adapter, Machine } from "./machine-file.ts";
import { isManagement } from "./management-nic.ts";
import type { Media } from "./media-registry.ts";
import { autostartKey, ownerKey, readOwner } from "./owner.ts";
import type { NatRule } from "./registry.ts";

/** The location of the disk that a medium is a snapshot's difference of; of a disk that is a difference to an image, its own. */
export function rootMedium(media: Media, id: string): string | undefined {
  const medium = media.get(id);
  if (!medium) return undefined;
  // VirtualBox names its own differences by their UUID.
  const isSnapshot = /[\\/]\{[0-9a-f-]{36}\}\.\w+$/i.test(medium.location);
  return isSnapshot && medium.parent !== undefined ? rootMedium(media, medium.parent) : medium.location;
}

/** @param running state of `list --long runningvms`, undefined for one that is not there */
export function sandboxRecord(machine: Machine, view: View, running: string | undefined): SandboxRecord {
  const owner = readOwner(machine.extraData.get(ownerKey));
  const { consoleLog } = machine;
  return {
    id: machine.id,
    name: machine.name,
    ...(owner ? { owner } : {}),
    ...stateOf(machine, running),
    cpus: machine.cpus,
    memoryBytes: machine.memoryMebibytes * 2 ** 20,
    // Wished for while it ran; VirtualBox takes it only while it is off.
    autostart: machine.extraData.has(autostartKey) ? machine.extraData.get(autostartKey) === "on" : machine.autostart,
    emulated: false,
    nics: labAdapters(machine).map(({ mac, kind, network }) =>
      kind === "bridged" || kind === "hostonly" ? bridgedNic(mac, network, owner, view) : { mac, network },
    ),
    disks: machine.attachments
      .filter(({ medium, kind }) => medium !== undefined || kind === "cdrom")
      .map(({ controller, port, kind, medium }) => ({
        target: `${controller}-${port}`,
        file: medium === undefined ? undefined : rootMedium(view.allMedia, medium),
        kind,
      })),
    ...(consoleLog === undefined ? {} : { consoleLog }),
    agent: "absent",
    forwards: machineForwards(machine, view),
  };
}

/** A bridged NIC knows the host's NIC only: its network is the one of its deployment that is on it. */
function bridgedNic(mac: string, nic: string | undefined, owner: Owner | undefined, view: View): SandboxRecord["nics"][number] {
  const network = bridgedNetworks(view).find((one) => one.interface === nic && one.deployment === owner?.deployment);
  return network ? { mac, network: network.name } : { mac, bridge: nic };
}

/** All NICs but the one for management, which the lab knows nothing of. */
export function labAdapters({ adapters }: Pick<Machine, "adapters">): readonly Adapter[] {
  return adapters.filter((adapter) => !isManagement(adapter));
}

/** Prefix of the rules that a sandbox has in a NAT network. */
export const rulePrefix = (id: string): string => `${id}.`;

/** What leads into a sandbox now: rules of its own NIC behind NAT, and rules of NAT networks in its name. */
export function machineForwards({ id, adapters }: Pick<Machine, "id" | "adapters">, { natNetworks }: Pick<View, "natNetworks">): Forward[] {
  const prefix = rulePrefix(id);
  const own = adapters.flatMap(({ rules }) => rules.map((rule) => forward(rule, rule.name)));
  const shared = natNetworks.flatMap(({ forwards }) =>
    forwards.filter(({ name }) => name.startsWith(prefix)).map((rule) => forward(rule, rule.name.slice(prefix.length))),
  );
  return [...own, ...shared].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function forward({ protocol, hostAddress, hostPort, guestPort }: NatRule, name: string): Forward {
  return { name, protocol, hostAddress, hostPort, guestPort };
}

function stateOf({ saved, aborted }: Machine, running: string | undefined): { state: SandboxState; reason: string } {
  if (running === undefined)
    return aborted ? { state: "crashed", reason: "aborted" } : { state: "off", reason: saved ? "saved" : "poweroff" };
  if (/^(guru meditation|gurumeditation|stuck|aborted)/.test(running)) return { state: "crashed", reason: running };
  return /paused/.test(running) ? { state: "paused", reason: running } : { state: "running", reason: running };
}
