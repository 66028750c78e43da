import type { DiagnosticCode } from "../../diagnostics/codes.ts";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { Cidr } from "../../units/cidr.ts";
import type { NetworkSpec, Served } from "../provisioning.ts";
import { misplacedSettings } from "../network-settings.ts";
import { servedParts } from "../served.ts";
import { virtualBoxCapabilities } from "./capabilities.ts";
import { planDhcp, type DhcpPlan } from "./dhcp-plan.ts";
import { safeName } from "./layout.ts";
import { unsupported } from "./owner.ts";

/** What a served network needs beside its specification. */
export interface CheckedNetwork extends Served {
  readonly block: Cidr;
  readonly dhcp: DhcpPlan;
}

/**
 * VirtualBox takes what contradicts itself, and what it cannot do, without a word; so it is refused here, before anything is there. Pure.
 *
 * @returns undefined for one that is not served
 * @throws DiagnosticError
 */
export function checkNetwork(spec: NetworkSpec): CheckedNetwork | undefined {
  const { name, mode, reservations, records } = spec;
  safeName(name);
  const noun = `network ${JSON.stringify(name)}`;
  if (records.length > 0) {
    throw unsupported(
      `${noun} has DNS records, and VirtualBox has no DNS server to put them into`,
      "Leave the records out, or write the names into the sandboxes' /etc/hosts with cloud-init.",
    );
  }
  if (!virtualBoxCapabilities.networkModes.includes(mode))
    throw unsupported(`${noun} is ${mode}, which VirtualBox does not have`, "Use mode nat, or bridged.");
  const misplaced = misplacedSettings(spec, virtualBoxCapabilities);
  if (misplaced.length > 0)
    throw unsupported(`${noun} asks for ${misplaced.join(", ")}, which VirtualBox's networks do not have`, "Leave them out.");
  const served = servedParts(spec);
  if (!served) {
    checkUnserved(spec, noun);
    return undefined;
  }
  const { cidr: text, gateway, domain } = served;
  const cidr = Cidr.tryParse(text);
  if (!cidr)
    throw refusal("INVALID_CIDR", `${noun}: expected a block such as 10.20.0.0/24, got ${JSON.stringify(text)}`, "Correct the CIDR.");
  if (cidr.prefix > 29)
    throw refusal("CIDR_TOO_SMALL", `${noun}: ${text} has no room for a gateway, a DHCP server and a sandbox`, "Use a /29 or larger.");
  const outside = [gateway, ...reservations.map(({ address }) => address)].find((address) => cidr.indexOf(address) === undefined);
  if (outside !== undefined)
    throw refusal("ADDRESS_OUTSIDE_NETWORK", `${noun}: ${outside} is not in ${text}`, `Choose an address in ${text}.`);
  const items = reservations.flatMap(({ mac, address }) => [mac.toLowerCase(), address]);
  const twice = items.find((item, index) => items.indexOf(item) !== index);
  if (twice !== undefined) throw refusal("DUPLICATE_ITEM", `${noun}: ${twice} is reserved twice`, "Give each MAC and address to one only.");
  if (mode === "nat" && gateway !== cidr.at(1))
    throw unsupported(`${noun}: the gateway of a NAT network of VirtualBox is ${cidr.at(1)}, not ${gateway}`, "Leave the gateway out.");
  const dhcp = planDhcp(
    cidr,
    gateway,
    reservations.map(({ address }) => address),
  );
  if (!dhcp) throw refusal("NETWORK_FULL", `${noun}: no address is left for VirtualBox's DHCP server`, "Use a larger CIDR.");
  return { cidr: text, gateway, domain, block: cidr, dhcp };
}

function checkUnserved({ mode, reservations, bridge, interface: nic, vlan, openvswitch }: NetworkSpec, noun: string): void {
  if (reservations.length > 0) throw unsupported(`${noun} is ${mode}, which has no DHCP server for its reservations`, "Leave them out.");
  if (mode !== "bridged") return;
  if (nic === undefined)
    throw unsupported(
      `${noun} is on ${bridge === undefined ? "nothing" : `bridge ${bridge}`}, and VirtualBox bridges to a NIC of the host`,
      "Name the NIC: `interface`; a bridge of the host may stand there, too.",
    );
  if (vlan !== undefined || openvswitch === true)
    throw unsupported(`${noun} asks for a VLAN or Open vSwitch, which VirtualBox does not know`, "Name a NIC that is in the VLAN.");
}

function refusal(code: DiagnosticCode, summary: string, nextStep: string): DiagnosticError {
  return new DiagnosticError({ code, severity: "error", summary, nextStep });
}
