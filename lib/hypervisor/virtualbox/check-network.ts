import type { DiagnosticCode } from "../../diagnostics/codes.ts";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { Cidr } from "../../units/cidr.ts";
import type { NetworkSpec } from "../provisioning.ts";
import { planDhcp, type DhcpPlan } from "./dhcp-plan.ts";
import { safeName } from "./layout.ts";
import { unsupported } from "./owner.ts";

export interface CheckedNetwork {
  readonly cidr: Cidr;
  readonly dhcp: DhcpPlan;
}

/**
 * VirtualBox takes what contradicts itself, and what it cannot do, without a word; so it is refused here, before anything is there. Pure.
 *
 * @throws DiagnosticError
 */
export function checkNetwork({ name, mode, cidr: text, gateway, reservations, records }: NetworkSpec): CheckedNetwork {
  safeName(name);
  const noun = `network ${JSON.stringify(name)}`;
  if (records.length > 0) {
    throw unsupported(
      `${noun} has DNS records, and VirtualBox has no DNS server to put them into`,
      "Leave the records out, or write the names into the sandboxes' /etc/hosts with cloud-init.",
    );
  }
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
  return { cidr, dhcp };
}

function refusal(code: DiagnosticCode, summary: string, nextStep: string): DiagnosticError {
  return new DiagnosticError({ code, severity: "error", summary, nextStep });
}
