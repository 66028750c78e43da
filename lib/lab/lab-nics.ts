import { entryOf } from "./entry-of.ts";
import type { LabNic } from "./lab.ts";
import type { Report } from "./path.ts";
import { nicNames } from "./plan/nic-names.ts";
import type { LabPlan, PlannedNetwork } from "./plan/plan-lab.ts";
import { addressKey } from "./plan/plan-requests.ts";
import { firstReservedIndex, gatewayIndex } from "./plan/reservation-block.ts";
import { checkStaticAddress } from "./rules/static-address.ts";
import type { NicDraft } from "./sandbox-nics.ts";
import type { SandboxDraft } from "./settings/expand-sandboxes.ts";
import type { WrittenLab } from "./written-lab.ts";

/** A network's mode: `nat` where nothing is said, so also for sandboxes' own ones. */
export function networkMode({ networks }: WrittenLab, network: PlannedNetwork): "nat" | "isolated" {
  return (network.own ? undefined : entryOf(networks, network.name)?.mode) ?? "nat";
}

/** A network's domain: `<network>.<lab>.test` where nothing is said. */
export function networkDomain({ lab, networks }: WrittenLab, network: PlannedNetwork): string {
  return (network.own ? undefined : entryOf(networks, network.name)?.domain) ?? `${network.name}.${lab}.test`;
}

/**
 * A sandbox's NICs as planned. The first one that leads outside has the default route; each asks its own network's gateway for names.
 *
 * Reports `STATIC_NEEDS_SEED`.
 */
export function labNics(
  written: WrittenLab,
  { name: sandbox, settings }: SandboxDraft,
  nics: readonly NicDraft[],
  plan: LabPlan,
  report: Report,
): LabNic[] {
  const names = nicNames(nics);
  let routed = false;
  return nics.flatMap((nic, position): LabNic[] => {
    const network = plan.networks.get(nic.network);
    const planned = plan.nics.get(addressKey(nic));
    if (network === undefined || planned === undefined) return [];
    const { cidr, reserve } = network;
    const gateway = cidr.at(gatewayIndex);
    const first = firstReservedIndex(cidr);
    const { mac, address, addressing } = planned;
    const seed = settings.seed ?? "nocloud";
    const reserved = [cidr.at(first), cidr.at(first + reserve - 1)] as const;
    for (const diagnostic of checkStaticAddress({ network: nic.network, address, addressing, sandbox, seed, reserved, path: nic.path })) {
      report(diagnostic);
    }
    const leadsOut = !routed && networkMode(written, network) === "nat";
    routed ||= leadsOut;
    return [
      {
        network: nic.network,
        name: names[position] ?? nic.network,
        mac,
        address,
        prefix: cidr.prefix,
        addressing,
        ...(leadsOut && { gateway }),
        nameserver: gateway,
        domain: networkDomain(written, network),
      },
    ];
  });
}
