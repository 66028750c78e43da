import { entryOf } from "./entry-of.ts";
import { guestNicKeys, routeKeys } from "./guest-network/lab-guest-nic.ts";
import { leadingNic } from "./guest-network/leading-nic.ts";
import type { LabNic } from "./lab.ts";
import type { Report } from "./path.ts";
import { nicNames } from "./plan/nic-names.ts";
import { guestNetworkSettings } from "./network-settings.ts";
import type { OpenNic } from "./open-nics.ts";
import type { LabPlan } from "./plan/plan-lab.ts";
import { addressKey } from "./plan/plan-requests.ts";
import { firstReservedIndex, gatewayIndex } from "./plan/reservation-block.ts";
import { checkStaticAddress } from "./rules/static-address.ts";
import type { NicDraft } from "./sandbox-nics.ts";
import type { SandboxDraft } from "./settings/expand-sandboxes.ts";
import type { WrittenLab } from "./written-lab.ts";

/** A network's domain: `<network>.<lab>.test` where nothing is said. */
export function networkDomain({ lab, networks }: WrittenLab, network: { readonly name: string; readonly own: boolean }): string {
  return (network.own ? undefined : entryOf(networks, network.name)?.domain) ?? `${network.name}.${lab}.test`;
}

/**
 * A sandbox's NICs as planned. The first one that leads outside has the default route, unless one asks for it; each asks its own network's gateway for names.
 * In `bridged` and `none` networks nobody of ours answers.
 *
 * Reports `STATIC_NEEDS_SEED`, and what `leadingNic` does.
 */
export function labNics(
  written: WrittenLab,
  { name: sandbox, settings }: SandboxDraft,
  nics: readonly NicDraft[],
  plan: LabPlan,
  open: ReadonlyMap<string, OpenNic>,
  report: Report,
): LabNic[] {
  const names = nicNames(nics);
  const leading = leadingNic(written, nics, open, report);
  return nics.flatMap((nic, position): LabNic[] => {
    const settingsThere = guestNetworkSettings(nic.own ? undefined : entryOf(written.networks, nic.network));
    const leads = position === leading;
    const name = names[position] ?? nic.network;
    const unserved = open.get(addressKey(nic));
    if (unserved) {
      // Only DHCP and a network that names its router lead on from here.
      const { gateway } = unserved.addressing === "static" ? (entryOf(written.networks, nic.network) ?? {}) : {};
      return [
        {
          ...{ network: nic.network, name, ...unserved },
          ...routeKeys(nic.guest, { leads, addressing: unserved.addressing, gateway }),
          domain: networkDomain(written, { name: nic.network, own: false }),
          ...guestNicKeys(nic.guest, name, settingsThere),
        },
      ];
    }
    const network = plan.networks.get(nic.network);
    const planned = plan.nics.get(addressKey(nic));
    if (network === undefined || planned === undefined) return [];
    const { cidr, reserve } = network;
    const gateway = cidr.at(gatewayIndex);
    const first = firstReservedIndex(cidr);
    const { address } = planned;
    // A reserved block knows its own MACs only: another one gets its address in the guest.
    const given = nic.mac !== undefined && network.block !== undefined ? "static" : planned.addressing;
    const addressing = nic.guest?.dhcp === false ? "static" : given;
    const ownMac = nic.mac !== undefined && planned.addressing === "dhcp";
    const seed = settings.seed ?? "nocloud";
    const reserved = [cidr.at(first), cidr.at(first + reserve - 1)] as const;
    for (const diagnostic of checkStaticAddress({
      ...{ network: nic.network, address, addressing: given, sandbox, seed, reserved, ownMac },
      path: ownMac ? (nic.macPath ?? nic.path) : nic.path,
    })) {
      report(diagnostic);
    }
    return [
      {
        network: nic.network,
        name,
        mac: nic.mac ?? planned.mac,
        address,
        prefix: cidr.prefix,
        addressing,
        ...routeKeys(nic.guest, { leads, addressing, gateway }),
        nameserver: gateway,
        domain: networkDomain(written, network),
        ...guestNicKeys(nic.guest, name, settingsThere),
      },
    ];
  });
}
