import type { Capabilities, ForwardSpec, NicSpec, SandboxChange, SandboxSpec } from "./provisioning.ts";
import { sameOwner } from "./same-owner.ts";

/** From least to most: what a change takes is the most that one of its parts takes. */
const order: readonly SandboxChange[] = ["none", "live", "reboot", "replace"];

/**
 * What it takes to bring a sandbox from one specification to another, by what the hypervisor can do to a running guest. Pure; shared by all drivers.
 *
 * Another order of NICs or further disks is no change, and neither is a NIC's planned address where no forward leads to it. An existing sandbox keeps its
 * accelerator, and a port that was chosen for it.
 *
 * @example sandboxChange(spec, { ...spec, cpus: 4 }, capabilities) // "reboot"
 * @example sandboxChange({ ...spec, maxCpus: 8 }, { ...spec, cpus: 4, maxCpus: 8 }, capabilities) // "live"
 */
export function sandboxChange(
  from: SandboxSpec,
  to: SandboxSpec,
  { live, forwards }: Pick<Capabilities, "live" | "forwards">,
): SandboxChange {
  const needs: SandboxChange[] = [
    from.name === to.name && from.disks[0] === to.disks[0] ? "none" : "replace",
    // Guests take CPUs, and rarely let go of them.
    withinLimit([from.cpus, from.maxCpus], [to.cpus, to.maxCpus], live.cpus && to.cpus > from.cpus),
    withinLimit([from.memoryBytes, from.maxMemoryBytes], [to.memoryBytes, to.maxMemoryBytes], live.memory),
    from.autostart === to.autostart ? "none" : "live",
    // Owner and labels are metadata alike.
    sameOwner(from.owner, to.owner) ? "none" : liveIf(live.labels),
    from.seed === to.seed ? "none" : liveIf(live.seed),
    sameItems(from.disks, to.disks) ? "none" : liveIf(live.disks),
    sameItems(from.nics.map(nicKey), to.nics.map(nicKey)) ? "none" : liveIf(live.nics),
    !forwards || sameForwards(from, to) ? "none" : "live",
  ];
  return order[Math.max(...needs.map((change) => order.indexOf(change)))] ?? "none";
}

/** An amount changes live under a limit that stays; a limit comes, goes and changes with a reboot. */
function withinLimit(from: readonly [number, number?], to: readonly [number, number?], live: boolean): SandboxChange {
  if (from[1] !== to[1]) return "reboot";
  if (from[0] === to[0]) return "none";
  return to[1] === undefined ? "reboot" : liveIf(live);
}

const liveIf = (live: boolean): SandboxChange => (live ? "live" : "reboot");

const nicKey = ({ mac, network }: NicSpec): string => `${mac.toLowerCase()} ${network}`;

const sameItems = (from: readonly string[], to: readonly string[]): boolean => from.toSorted().join("\n") === to.toSorted().join("\n");

/** The same ports lead to the same places; also where the guest's address, by which a forward finds it, stays. */
function sameForwards(from: SandboxSpec, to: SandboxSpec): boolean {
  if (from.forwards.length !== to.forwards.length) return false;
  const addresses = ({ nics }: SandboxSpec): string[] => nics.map((nic) => `${nicKey(nic)} ${nic.address ?? ""}`);
  if (to.forwards.length > 0 && !sameItems(addresses(from), addresses(to))) return false;
  return to.forwards.every((forward) => {
    const former = from.forwards.find(({ name }) => name === forward.name);
    return former !== undefined && sameForward(former, forward);
  });
}

function sameForward(from: ForwardSpec, to: ForwardSpec): boolean {
  return (
    from.protocol === to.protocol &&
    (from.hostAddress ?? "127.0.0.1") === (to.hostAddress ?? "127.0.0.1") &&
    // 0 asks for any port: the one that it has is one.
    (to.hostPort === 0 || from.hostPort === to.hostPort) &&
    from.guestPort === to.guestPort
  );
}
