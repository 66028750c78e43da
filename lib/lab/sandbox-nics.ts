import type { GuestNic } from "./guest-network/guest-nic.ts";
import { readGuestNic } from "./guest-network/read-guest-nic.ts";
import type { Path, Report } from "./path.ts";
import type { AddressRequest } from "./plan/plan-requests.ts";
import { isDeclared } from "./resolve-reference.ts";
import { checkFixedAddresses } from "./rules/fixed-address.ts";
import { checkMac } from "./rules/mac.ts";
import { checkOwnNetworkName } from "./rules/own-network-name.ts";
import { usesEach } from "./settings/each.ts";
import { readText } from "./settings/read-value.ts";
import type { SandboxDraft } from "./settings/expand-sandboxes.ts";

/** A NIC of a sandbox before its address is planned. */
export interface NicDraft extends AddressRequest {
  /** Its network is the sandbox's own. */
  readonly own: boolean;
  /** As written, in lower case, where it is. */
  readonly mac?: string;
  /** Where diagnostics about it point. */
  readonly macPath?: Path;
  /** What it says to the guest, if anything. */
  readonly guest?: GuestNic;
}

/** The NICs that a sandbox asks for, in order; one in a network of its own where it names none. */
export function sandboxNics(draft: SandboxDraft, declared: readonly string[], report: Report): NicDraft[] {
  const { name, writtenAs, path, copies, position, settings, at } = draft;
  if (settings.networks === undefined) {
    for (const diagnostic of checkOwnNetworkName(name, declared, path)) report(diagnostic);
    return [{ sandbox: name, network: name, ordinal: 0, own: true, path }];
  }
  const ordinals = new Map<string, number>();
  return settings.networks.flatMap((attachment, index) => {
    const place = at("networks", index);
    const isName = typeof attachment === "string";
    const { name: network, ip: writtenIp, ips: writtenIps, mac: writtenMac } = isName ? { name: attachment } : attachment;
    // A number that `${each:…}` gave is no address; as text it is told so.
    const ip = readText(writtenIp, () => place, report);
    const ips = writtenIps?.map((address) => readText(address, () => place, report) ?? "");
    if (!isDeclared("network", network, declared, writtenAs, isName ? place : [...place, "name"], report)) return [];
    const ordinal = ordinals.get(network) ?? 0;
    ordinals.set(network, ordinal + 1);
    const each = usesEach(draft.unfilled.networks?.[index]);
    const diagnostics = checkFixedAddresses({ sandbox: writtenAs, ip, ips, copies, path: place, each });
    for (const diagnostic of diagnostics) report(diagnostic);
    const address = diagnostics.length > 0 ? undefined : (ips?.[position] ?? ip);
    const addressPlace: Path = address === undefined ? place : [...place, ...(ips ? ["ips", position] : ["ip"])];
    const macPath: Path = [...place, "mac"];
    const mac = readText(writtenMac, () => macPath, report)?.toLowerCase();
    const refused = mac === undefined ? [] : checkMac(mac, writtenAs, macPath);
    for (const diagnostic of refused) report(diagnostic);
    const guest = isName ? undefined : readGuestNic(attachment, place, report);
    return [
      {
        ...{ sandbox: name, network, ordinal, own: false, path: addressPlace },
        ...(address !== undefined && { address }),
        ...(mac !== undefined && refused.length === 0 && { mac, macPath }),
        ...(guest !== undefined && { guest }),
      },
    ];
  });
}
