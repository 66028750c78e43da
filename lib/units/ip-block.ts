import { Address4, Address6 } from "ip-address";
import { parseIpv4 } from "./ipv4.ts";

/** 4 or 6 for an address of that family, written strictly and without a prefix; undefined for anything else. */
export function ipFamily(text: string): 4 | 6 | undefined {
  if (parseIpv4(text) !== undefined) return 4;
  return /^[0-9a-f:.]+$/i.test(text) && text.includes(":") && Address6.isValid(text) ? 6 : undefined;
}

/** An address and the block that it stands in, of either family. */
export interface IpBlock {
  readonly family: 4 | 6;
  readonly address: string;
  readonly prefix: number;
  /** The address is the block's first one: no host bits are set. */
  readonly isBase: boolean;
}

/** Reads `10.20.0.5/24` or `fd00::5/64`; undefined for anything else. */
export function parseIpBlock(text: string): IpBlock | undefined {
  const [address = "", digits = "", ...more] = text.split("/");
  const family = ipFamily(address);
  const prefix = Number(digits);
  if (family === undefined || more.length > 0 || !/^\d{1,3}$/.test(digits) || prefix > (family === 4 ? 32 : 128)) return undefined;
  const block = addressOf(text, family);
  return { family, address, prefix, isBase: block.startAddress().bigInt() === block.bigInt() };
}

/** Whether an address is in a block: never, where the families differ. */
export function isInBlock(address: string, { family, address: base, prefix }: IpBlock): boolean {
  return ipFamily(address) === family && addressOf(address, family).isInSubnet(addressOf(`${base}/${prefix}`, family));
}

/** One way of writing an address: lower case, IPv6 shortened. */
export function canonicalIp(address: string): string {
  return ipFamily(address) === 6 ? new Address6(address).correctForm() : address;
}

/** True for `fe80::1`, which is on every interface. */
export function isLinkLocal(address: string): boolean {
  return ipFamily(address) === 6 && new Address6(address).isLinkLocal();
}

function addressOf(text: string, family: 4 | 6): Address4 | Address6 {
  return family === 4 ? new Address4(text) : new Address6(text);
}
