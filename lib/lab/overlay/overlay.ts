import { Cidr } from "../../units/cidr.ts";
import { entryOf } from "../entry-of.ts";
import type { LabLock } from "../lock/lab-lock.ts";
import type { AddressRequest, NetworkRequest } from "../plan/plan-requests.ts";

/** What one machine has otherwise than lab and lock say. It is kept out of the lock: everybody else has what was checked in. */
export interface Overlay {
  /** By name; a sandbox's own network has the sandbox's name. */
  readonly networks: Readonly<Record<string, OverlaidNetwork>>;
  /** Sandbox → name of a forward → its port of the host instead. */
  readonly forwards?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface OverlaidNetwork {
  /** The block instead. Host parts stay: `.17` of the old one is `.17` of this one. */
  readonly cidr?: string;
  /** The bridge's name instead. */
  readonly bridge?: string;
}

/** The forwards of a sandbox with the ports that the overlay has for them. Pure. */
export function overlayForwards<T extends { readonly name: string; readonly hostPort?: number }>(
  sandbox: string,
  forwards: readonly T[],
  overlay: Overlay | undefined,
): readonly T[] {
  const ports = entryOf(overlay?.forwards, sandbox);
  return forwards.map((forward) => ({ ...forward, ...(ports?.[forward.name] !== undefined && { hostPort: ports[forward.name] }) }));
}

/** The networks with what the overlay has for them. Pure. */
export function overlayNetworks(requests: readonly NetworkRequest[], { networks }: Overlay): NetworkRequest[] {
  return requests.map((request) => {
    const { cidr: text, bridge } = entryOf(networks, request.name) ?? {};
    const cidr = text === undefined ? undefined : Cidr.tryParse(text);
    return { ...request, ...(cidr && { cidr }), ...(bridge !== undefined && { bridge }) };
  });
}

/**
 * The NICs with written addresses moved along with their networks: the same host part in the other block. Pure.
 *
 * @param requests networks as they were without the overlay
 */
export function overlayAddresses<T extends AddressRequest>(
  nics: readonly T[],
  requests: readonly NetworkRequest[],
  { networks }: Overlay,
  lock: LabLock | undefined,
): T[] {
  const before = new Map(requests.map(({ name, cidr }) => [name, cidr]));
  return nics.map((nic) => {
    const text = entryOf(networks, nic.network)?.cidr;
    const to = text === undefined ? undefined : Cidr.tryParse(text);
    if (nic.address === undefined || to === undefined) return nic;
    const from = before.get(nic.network) ?? Cidr.tryParse(entryOf(lock?.networks, nic.network)?.cidr ?? "");
    const index = from?.indexOf(nic.address);
    // One outside of its network is told as it was written.
    return index === undefined || index >= to.size ? nic : { ...nic, address: to.at(index) };
  });
}
