import type { Lab, LabImage } from "../lab.ts";
import type { LabPlan } from "../plan/plan-lab.ts";
import { sortedByKey } from "../sorted-by-key.ts";
import { formerSandboxes } from "./former-sandboxes.ts";
import { plannerVersion, type LabLock, type LockedNetwork } from "./lab-lock.ts";

/** What the lock has to say of a lab from now on. Networks that are gone leave it; of sandboxes that are gone it keeps the addresses for a while. */
export function nextLock(lab: Lab, images: Readonly<Record<string, LabImage>>, plan: LabPlan, before?: LabLock): LabLock {
  const former = formerSandboxes(before, new Set(Object.keys(lab.sandboxes)));
  const networks: Record<string, LockedNetwork> = {};
  for (const { name, locked } of plan.networks.values()) networks[name] = locked;
  return {
    planner: plannerVersion,
    hypervisor: lab.hypervisor,
    provider: lab.provider,
    hosts: sortedByKey(lab.hosts, ({ uri }) => (uri === undefined ? {} : { uri })),
    images: sortedByKey(images, ({ source, digest, size }) => ({ source, digest, ...(size !== undefined && { size }) })),
    networks: sortedByKey(networks, (locked) => locked),
    sandboxes: sortedByKey(lab.sandboxes, ({ nics, forwards = [] }) => {
      const addresses: Record<string, string[]> = {};
      for (const { network, address } of nics) {
        // Nothing of it was planned.
        if (address === undefined || !plan.networks.has(network)) continue;
        if (Object.hasOwn(addresses, network)) addresses[network]?.push(address);
        else addresses[network] = [address];
      }
      const ports = Object.fromEntries(forwards.map(({ name, hostPort }) => [name, hostPort]));
      return {
        addresses: sortedByKey(addresses, (list) => list),
        ...(forwards.length > 0 && { forwards: sortedByKey(ports, (port) => port) }),
      };
    }),
    ...(former && { former }),
  };
}

/**
 * The lock after a successful apply: hosts that have no sandboxes any more leave it. Until then they stay, because Terraform needs their provider block to
 * destroy what was on them.
 */
export function lockAfterApply(lock: LabLock, lab: Pick<Lab, "hosts">): LabLock {
  const hosts = Object.entries(lock.hosts).filter(([name]) => Object.hasOwn(lab.hosts, name) && lab.hosts[name]?.inUse);
  return { ...lock, hosts: Object.fromEntries(hosts) };
}
