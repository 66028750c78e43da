import { Address4 } from "ip-address";

/** An IPv4 address as an unsigned 32-bit number: planners count with it. */
export type Ipv4 = number;

/**
 * Reads `10.20.0.5`, strictly: no leading zeros, no prefix, four parts.
 *
 * @returns undefined for anything else
 */
export function parseIpv4(text: string): Ipv4 | undefined {
  if (text.includes("/") || !Address4.isValid(text)) return undefined;
  if (new Address4(text).correctForm() !== text) return undefined;
  // By hand: the library's way leads over a bigint, which is a tenth of the time that a plan of a thousand sandboxes takes.
  return text.split(".").reduce((number, part) => number * 256 + Number(part), 0);
}

/** @example formatIpv4(0x0a140005) // "10.20.0.5" */
export function formatIpv4(address: Ipv4): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");
}
