import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { Cidr } from "../../units/cidr.ts";
import type { Path } from "../path.ts";
import { largestReserve } from "../plan/reservation-block.ts";

/** A network's block as this rule sees it. */
export interface WrittenBlock {
  readonly network: string;
  /** As written. */
  readonly cidr: string;
  /** As written, where it is. */
  readonly reserve?: number;
  /** Where the network stands. */
  readonly path: Path;
}

const unusable = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].map((block) => Cidr.parse(block));
const privateBlocks = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "198.18.0.0/15",
  "192.0.2.0/24",
  "198.51.100.0/24",
  "203.0.113.0/24",
].map((block) => Cidr.parse(block));
const oftenTaken: readonly (readonly [Cidr, string])[] = [
  [Cidr.parse("10.0.2.0/24"), "QEMU's user-mode network and VirtualBox's NAT"],
  [Cidr.parse("192.168.122.0/24"), "libvirt's default network"],
  [Cidr.parse("172.17.0.0/16"), "Docker's default bridge"],
];

/**
 * Checks a block as written: well-formed, usable, large enough; warns of what will not work everywhere.
 *
 * From /8 (a MAC counts addresses in 24 bits) to /30 (network, gateway, one sandbox, broadcast).
 */
export function checkCidr({ network, cidr: written, reserve, path }: WrittenBlock): Diagnostic[] {
  const at = [...path, "cidr"];
  const cidr = Cidr.tryParse(written);
  if (cidr === undefined) {
    return [
      {
        code: "INVALID_CIDR",
        severity: "error",
        path: at,
        summary: `"${written}" of network "${network}" is no block of addresses`,
        nextStep: `Write it as in "${withoutHostBits(written)}": the first address of the block and the length of its prefix.`,
      },
    ];
  }
  if (cidr.prefix < 8 || unusable.some((block) => block.overlaps(cidr))) {
    return [
      {
        code: "CIDR_UNUSABLE",
        severity: "error",
        path: at,
        summary: `network "${network}" cannot use ${written}: ${cidr.prefix < 8 ? "it is larger than a /8" : "it has addresses with a meaning of their own"}`,
        nextStep: "Choose a private block, for example 10.20.0.0/24, or leave `cidr` out to have one planned.",
      },
    ];
  }
  if (cidr.prefix > 30 || (reserve !== undefined && reserve > largestReserve(cidr))) {
    return [
      {
        code: "CIDR_TOO_SMALL",
        severity: "error",
        path: at,
        summary:
          cidr.prefix > 30
            ? `network "${network}" has no room for a gateway and a sandbox in ${written}`
            : `network "${network}" cannot reserve ${reserve} addresses in ${written}, at most ${largestReserve(cidr)}`,
        nextStep: cidr.prefix > 30 ? "Choose a block of /29 or larger." : "Choose a larger block, or a smaller `reserve`.",
      },
    ];
  }
  return warnings(network, cidr, at);
}

function warnings(network: string, cidr: Cidr, path: Path): Diagnostic[] {
  const user = oftenTaken.find(([block]) => block.overlaps(cidr))?.[1];
  if (user !== undefined) {
    return [
      {
        code: "CIDR_OFTEN_TAKEN",
        severity: "warning",
        path,
        summary: `network "${network}" uses ${cidr.toString()}, which is ${user} on many machines`,
        nextStep: "Choose another block, or leave `cidr` out to have one planned.",
      },
    ];
  }
  if (privateBlocks.some((block) => block.base <= cidr.base && cidr.end <= block.end)) return [];
  return [
    {
      code: "CIDR_PUBLIC",
      severity: "warning",
      path,
      summary: `network "${network}" uses ${cidr.toString()}, which is not private: its sandboxes cannot reach the real owner of these addresses`,
      nextStep: "Choose a private block, for example 10.20.0.0/24.",
    },
  ];
}

/** The block that somebody meant who wrote `10.20.0.1/24`. */
function withoutHostBits(written: string): string {
  const [, address, length] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(written) ?? [];
  const prefix = Number(length);
  const whole = address === undefined || prefix > 32 ? undefined : Cidr.tryParse(`${address}/32`);
  if (whole === undefined) return "10.20.0.0/24";
  const size = 2 ** (32 - prefix);
  return Cidr.of(Math.floor(whole.base / size) * size, prefix).toString();
}
