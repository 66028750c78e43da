import { Cidr } from "../units/cidr.ts";
import { hasErrors } from "../diagnostics/diagnostic.ts";
import type { Report } from "./path.ts";
import type { NetworkRequest } from "./plan/plan-requests.ts";
import { isPlanned } from "./network-kinds.ts";
import { checkCidr } from "./rules/cidr.ts";
import { networkDomain } from "./lab-nics.ts";
import { checkNetworkKeys } from "./rules/network-keys.ts";
import { checkNetworkSettings } from "./rules/network-settings.ts";
import type { NicDraft } from "./sandbox-nics.ts";
import { readInteger } from "./settings/read-value.ts";
import type { WrittenLab } from "./written-lab.ts";

/**
 * The networks to plan: all that are declared, also those that nobody is in (they keep their block), and the sandboxes' own ones.
 * A network whose block is in error is left out, and so is one where we give no addresses (`bridged`, `none`).
 */
export function networkRequests(written: WrittenLab, nics: readonly NicDraft[], report: Report): NetworkRequest[] {
  const { networks = {} } = written;
  const declared = Object.entries(networks).flatMap(([name, network]): NetworkRequest[] => {
    const path = ["networks", name];
    for (const diagnostic of checkNetworkKeys(name, network, path)) report(diagnostic);
    const sandboxes = new Set(nics.filter((nic) => nic.network === name).map(({ sandbox }) => sandbox));
    const domain = networkDomain(written, { name, own: false });
    for (const diagnostic of checkNetworkSettings({ name, network, domain, sandboxes, path })) report(diagnostic);
    if (!isPlanned(network)) {
      if (network.cidr !== undefined && Cidr.tryParse(network.cidr) === undefined)
        for (const diagnostic of checkCidr({ network: name, cidr: network.cidr, path })) report(diagnostic);
      return [];
    }
    const reserve = readInteger(network.reserve, 1, 4096, () => [...path, "reserve"], report);
    const sized = { ...(reserve !== undefined && { reserve }) };
    if (network.cidr === undefined) return [{ name, own: false, path, ...sized }];
    const diagnostics = checkCidr({ network: name, cidr: network.cidr, path, ...sized });
    for (const diagnostic of diagnostics) report(diagnostic);
    if (hasErrors(diagnostics)) return [];
    return [{ name, own: false, path, ...sized, cidr: Cidr.parse(network.cidr) }];
  });
  const names = new Set(Object.keys(networks));
  const own = nics.filter((nic) => nic.own && !names.has(nic.network)).map(({ network, path }) => ({ name: network, own: true, path }));
  return [...declared, ...new Map(own.map((request) => [request.name, request])).values()];
}
