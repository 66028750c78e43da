import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { Cidr } from "../../units/cidr.ts";
import type { Path } from "../path.ts";
import { gatewayIndex } from "../plan/reservation-block.ts";

/** A fixed address as this rule sees it. */
export interface FixedAddress {
  readonly address: string;
  readonly network: string;
  readonly cidr: Cidr;
  /** The network's block stands in the lab; otherwise it was planned, and no address can be known to lie in it. */
  readonly cidrWritten: boolean;
  readonly path: Path;
}

/** Checks that an address is one that a sandbox can have in its network. */
export function checkAddressInNetwork({ address, network, cidr, cidrWritten, path }: FixedAddress): Diagnostic[] {
  const index = cidr.indexOf(address);
  if (index === undefined) {
    return [
      {
        code: "ADDRESS_OUTSIDE_NETWORK",
        severity: "error",
        path,
        summary: `address ${address} is not in network "${network}" (${cidr.toString()}${cidrWritten ? "" : ", planned"})`,
        nextStep: cidrWritten
          ? `Choose one from ${cidr.at(2)} to ${cidr.at(cidr.size - 2)}.`
          : `Give the network a \`cidr\` that holds the address, for example ${exampleBlock(address)}.`,
      },
    ];
  }
  const kind =
    index === 0
      ? "the network's own address"
      : index === gatewayIndex
        ? "the gateway, which is the host's address"
        : index === cidr.size - 1
          ? "the broadcast address"
          : undefined;
  if (kind === undefined) return [];
  return [
    {
      code: "ADDRESS_NOT_ASSIGNABLE",
      severity: "error",
      path,
      summary: `address ${address} of network "${network}" (${cidr.toString()}) is ${kind}`,
      nextStep: `Choose one from ${cidr.at(2)} to ${cidr.at(cidr.size - 2)}.`,
    },
  ];
}

function exampleBlock(address: string): string {
  return Cidr.tryParse(address.replace(/\d+$/, "0/24"))?.toString() ?? "10.20.0.0/24";
}
