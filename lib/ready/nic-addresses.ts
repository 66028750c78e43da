import { isOnHost, type LabNic, type LabSandbox } from "../lab/lab.ts";
import { isSameMac } from "../lab/plan/deployment-mac.ts";
import type { NicAddress } from "./host-watch.ts";

/** A NIC of the lab and what was seen of it. */
export interface SeenNic {
  readonly nic: LabNic;
  /** `asPlanned`: it has the address that the lab says, or one where the lab says none. `other`: it has addresses, but not that. */
  readonly seen: "asPlanned" | "other" | "nothing";
  readonly addresses: readonly NicAddress[];
}

export function seenNics(nics: readonly LabNic[], addresses: readonly NicAddress[]): SeenNic[] {
  return nics.map((nic) => {
    const own = addresses.filter(({ mac }) => isSameMac(nic.mac, mac));
    const seen = own.some(({ address }) => nic.address === undefined || address === nic.address)
      ? "asPlanned"
      : own.length > 0
        ? "other"
        : "nothing";
    return { nic, seen, addresses: own };
  });
}

/**
 * The NICs that must have their planned address. Those whose configuration we wrote: all of them, but those that get none. With `seed: none` or a network-config of the user's own
 * nobody here knows what the guest does with its NICs: then any address on any NIC will do, told by an empty list.
 */
export function awaitedNics({ seed, nics, cloudInit }: Pick<LabSandbox, "seed" | "nics" | "cloudInit">): readonly LabNic[] {
  return seed !== "none" && cloudInit.networkConfig === undefined ? awaitedOf(nics) : [];
}

/** What somebody else gives is waited for only where no other NIC leads to the sandbox: the host may never hear of it. */
function awaitedOf(nics: readonly LabNic[]): readonly LabNic[] {
  const served = nics.filter(isOnHost);
  return served.length > 0 ? served : nics.filter(getsAddress);
}

/** A fixed address in a network of others, or on a bare wire, is nothing that the host could see. */
function getsAddress(nic: LabNic): boolean {
  return nic.addressing === "dhcp" || isOnHost(nic);
}

/** True if somebody else than its host gives a sandbox an address: only looking tells which. */
export function hasOpenAddress({ nics }: Pick<LabSandbox, "nics">): boolean {
  return nics.some(({ address, addressing }) => address === undefined && addressing === "dhcp");
}
