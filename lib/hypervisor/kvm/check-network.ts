import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { Cidr } from "../../units/cidr.ts";
import type { NetworkSpec } from "../provisioning.ts";
import { misplacedSettings } from "../network-settings.ts";
import { servedParts } from "../served.ts";
import { kvmCapabilities } from "./capabilities.ts";
import { dnsHosts } from "./network-xml.ts";

/**
 * What libvirt does not check when it defines a network, and either never checks or refuses later, in the middle of an update.
 *
 * @throws DiagnosticError HYPERVISOR_UNSUPPORTED for what goes with another mode, INVALID_CIDR, ADDRESS_OUTSIDE_NETWORK, DUPLICATE_ITEM: a MAC, address or name that stands for two
 */
export function requireSoundNetwork(spec: NetworkSpec): void {
  const error = (code: Diagnostic["code"], summary: string, nextStep: string): Diagnostic => ({
    code,
    severity: "error",
    summary: `network "${spec.name}": ${summary}`,
    nextStep,
  });
  const misplaced = misplacedSettings(spec, kvmCapabilities);
  if (misplaced.length > 0)
    throw new DiagnosticError(
      error(
        "HYPERVISOR_UNSUPPORTED",
        `mode ${spec.mode} has no use for ${misplaced.join(", ")}`,
        "Leave them out, or choose another mode.",
      ),
    );
  const served = servedParts(spec);
  if (!served) {
    const asked = spec.reservations.length + spec.records.length > 0;
    if (asked)
      throw new DiagnosticError(
        error(
          "HYPERVISOR_UNSUPPORTED",
          `mode ${spec.mode} has no DHCP and no DNS server for its reservations and records`,
          "Leave them out.",
        ),
      );
    if (spec.mode === "bridged" && (spec.bridge === undefined) === (spec.interface === undefined))
      throw new DiagnosticError(
        error("HYPERVISOR_UNSUPPORTED", "mode bridged needs either a bridge or an interface of the host", "Name one of them."),
      );
    return;
  }
  const cidr = Cidr.tryParse(served.cidr);
  if (!cidr)
    throw new DiagnosticError(
      error("INVALID_CIDR", `expected a block such as 10.20.0.0/24, got ${JSON.stringify(served.cidr)}`, "Correct the CIDR."),
    );
  const outside = [served.gateway, ...spec.reservations.map(({ address }) => address)].filter(
    (address) => cidr.indexOf(address) === undefined,
  );
  const twice = [
    ...repeated(spec.reservations.map(({ mac }) => mac.toLowerCase())),
    ...repeated(spec.reservations.map(({ address }) => address)),
    ...repeated(dnsHosts(spec).flatMap(({ names }) => names)),
  ];
  const diagnostics = [
    ...outside.map((address) =>
      error("ADDRESS_OUTSIDE_NETWORK", `${address} is not in ${served.cidr}`, `Choose an address in ${served.cidr}.`),
    ),
    ...twice.map((item) =>
      error("DUPLICATE_ITEM", `${item} is reserved or recorded twice`, "Give each MAC, address and name to one only."),
    ),
  ];
  if (diagnostics.length > 0) throw new DiagnosticError(diagnostics);
}

function repeated(items: readonly string[]): string[] {
  return [...new Set(items.filter((item, index) => items.indexOf(item) !== index))];
}
