import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { parseIpv4 } from "../../units/ipv4.ts";
import type { Path } from "../path.ts";

/** The fixed addresses of one attachment, of a sandbox of which `copies` are made. */
export interface FixedAddresses {
  readonly sandbox: string;
  readonly ip?: string;
  readonly ips?: readonly string[];
  readonly copies: number;
  /** Where the attachment stands. */
  readonly path: Path;
  /** The address is another one in each copy: it was written with `${each:…}`. */
  readonly each: boolean;
}

/**
 * Checks that each copy has its own address: `ip` for a single sandbox, `ips` with one address per copy for a counted one.
 * Whether they lie in their network is `checkAddressInNetwork`'s.
 */
export function checkFixedAddresses({ sandbox, ip, ips, copies, path, each }: FixedAddresses): Diagnostic[] {
  if (ip !== undefined && copies > 1 && !each) {
    return [
      {
        code: "COUNT_NEEDS_IPS",
        severity: "error",
        path: [...path, "ip"],
        summary: `address ${ip} is fixed, and ${copies} sandboxes are made from "${sandbox}"`,
        nextStep: `Write \`ips\` with ${copies} addresses, or leave \`ip\` out to have them planned.`,
      },
    ];
  }
  if (ips !== undefined && ips.length !== copies) {
    return [
      {
        code: "IPS_MISMATCH",
        severity: "error",
        path: [...path, "ips"],
        summary: `expected ${copies} ${copies === 1 ? "address" : "addresses"}, one for each sandbox made from "${sandbox}", found ${ips.length}`,
        nextStep: "Write as many addresses as there are sandboxes, or leave `ips` out to have them planned.",
      },
    ];
  }
  const places: readonly (readonly [string, Path])[] = ips
    ? ips.map((address, index) => [address, [...path, "ips", index]] as const)
    : ip === undefined
      ? []
      : [[ip, [...path, "ip"]]];
  return places
    .filter(([address]) => parseIpv4(address) === undefined)
    .map(([address, at]) => ({
      code: "INVALID_VALUE" as const,
      severity: "error" as const,
      path: at,
      summary: `expected an IPv4 address such as "10.20.0.5", found "${address}"`,
      nextStep: "Write four numbers from 0 to 255, without leading zeros.",
    }));
}
