import { Cidr } from "../units/cidr.ts";
import { entryOf } from "./entry-of.ts";
import type { LabNic } from "./lab.ts";
import type { Report } from "./path.ts";
import { openMac } from "./plan/deployment-mac.ts";
import { macOf, macPrefix } from "./plan/mac.ts";
import { nameHash } from "./plan/name-hash.ts";
import { addressKey } from "./plan/plan-requests.ts";
import { isServed, modeOf } from "./network-kinds.ts";
import { duplicateAddress } from "./rules/duplicate-address.ts";
import type { NicDraft } from "./sandbox-nics.ts";
import type { WrittenLab } from "./written-lab.ts";

/** What is known of a NIC in a network where we give no addresses. */
export type OpenNic = Pick<LabNic, "mac" | "address" | "prefix" | "addressing">;

/**
 * The NICs in `bridged` and `none` networks: their MACs by name, their addresses as written. Nothing of them is in the lock, since nothing of them is chosen among others' choices.
 *
 * Reports NETWORK_KEY_MISSING for an `ip` without the network's `cidr`, CONFLICTING_KEYS for one with `dhcp: true`, and addresses outside of it, not assignable or given twice.
 *
 * @returns by `addressKey`
 */
export function openNics(written: WrittenLab, nics: readonly NicDraft[], report: Report): ReadonlyMap<string, OpenNic> {
  const found = new Map<string, OpenNic>();
  const macs = new Set<string>();
  const addresses = new Map<string, string>();
  const sorted = nics
    .filter(({ network, own }) => !isServed(modeOf(written, { name: network, own })))
    .toSorted((one, other) => (addressKey(one) < addressKey(other) ? -1 : 1));
  for (const nic of sorted) {
    const bridged = modeOf(written, { name: nic.network, own: false }) === "bridged";
    const candidate = (attempt: number): string =>
      bridged ? openMac(written.lab, nic.network, nic.sandbox, nic.ordinal, attempt) : innerMac(written.lab, nic, attempt);
    if (nic.mac !== undefined) {
      found.set(addressKey(nic), { mac: nic.mac, ...addressOf(written, nic, bridged, addresses, report) });
      continue;
    }
    let attempt = 0;
    while (macs.has(`${nic.network} ${candidate(attempt)}`)) attempt++;
    macs.add(`${nic.network} ${candidate(attempt)}`);
    found.set(addressKey(nic), { mac: candidate(attempt), ...addressOf(written, nic, bridged, addresses, report) });
  }
  return found;
}

/** Nobody else is in such a network: the network's own 16 bits do. */
function innerMac(lab: string, { network, sandbox, ordinal }: NicDraft, attempt: number): string {
  return macOf(macPrefix(lab, network, 0), nameHash("inner mac", lab, network, sandbox, ordinal, attempt) % 2 ** 24);
}

function addressOf(
  written: WrittenLab,
  { network, sandbox, address, path, guest }: NicDraft,
  bridged: boolean,
  taken: Map<string, string>,
  report: Report,
): Omit<OpenNic, "mac"> {
  const none = { addressing: (guest?.dhcp ?? bridged) ? "dhcp" : "none" } as const;
  if (address === undefined) return none;
  const text = entryOf(written.networks, network)?.cidr;
  const cidr = text === undefined ? undefined : Cidr.tryParse(text);
  if (text === undefined) {
    report({
      code: "NETWORK_KEY_MISSING",
      severity: "error",
      path,
      summary: `sandbox "${sandbox}" has the address ${address} in network "${network}", which does not say its block`,
      nextStep: `Write the block that is in use there, for example \`cidr: ${exampleBlock(address)}\`${bridged ? ", and its `gateway`" : ""}.`,
    });
    return none;
  }
  if (guest?.dhcp === true)
    report({
      code: "CONFLICTING_KEYS",
      severity: "error",
      path: [...guest.path, "dhcp"],
      summary: `sandbox "${sandbox}" has the address ${address} in network "${network}", where no DHCP server of ours could give it`,
      nextStep: "Leave `dhcp` out: the address is written into the guest. Or leave `ip` out, and take what the server there gives.",
    });
  // A block that is none was told already.
  if (cidr === undefined) return none;
  const index = cidr.indexOf(address);
  const gateway = entryOf(written.networks, network)?.gateway;
  if (index === undefined || index === 0 || index === cidr.size - 1 || address === gateway) {
    const kind = index === 0 ? "is the network's own address" : address === gateway ? "is the gateway" : "is the broadcast address";
    report({
      code: index === undefined ? "ADDRESS_OUTSIDE_NETWORK" : "ADDRESS_NOT_ASSIGNABLE",
      severity: "error",
      path,
      summary: `address ${address} ${index === undefined ? "is not" : `${kind}:`} in network "${network}" (${text})`,
      nextStep: `Choose another from ${cidr.at(1)} to ${cidr.at(cidr.size - 2)}.`,
    });
    return none;
  }
  const other = taken.get(`${network} ${address}`);
  if (other !== undefined) report(duplicateAddress({ address, network, sandbox, other, locked: false, free: undefined, path }));
  taken.set(`${network} ${address}`, sandbox);
  return { address, prefix: cidr.prefix, addressing: "static" };
}

function exampleBlock(address: string): string {
  return Cidr.tryParse(address.replace(/\d+$/, "0/24"))?.toString() ?? "192.168.1.0/24";
}
