import { formatIpv4, parseIpv4, type Ipv4 } from "./ipv4.ts";

/**
 * A block of IPv4 addresses.
 *
 * @example Cidr.parse("10.20.0.0/24").at(5) // "10.20.0.5"
 */
export class Cidr {
  /** The network address. */
  readonly base: Ipv4;
  /** 0 to 32. */
  readonly prefix: number;

  private constructor(base: Ipv4, prefix: number) {
    this.base = base;
    this.prefix = prefix;
  }

  /** @throws RangeError if `base` is not a multiple of the block's size */
  static of(base: Ipv4, prefix: number): Cidr {
    const cidr = new Cidr(base, prefix);
    if (base % cidr.size !== 0) throw new RangeError(`${formatIpv4(base)}/${prefix} has host bits set`);
    return cidr;
  }

  /** @throws RangeError if the text is not a block; `tryParse` returns undefined instead */
  static parse(text: string): Cidr {
    const cidr = Cidr.tryParse(text);
    if (!cidr) throw new RangeError(`Expected a block such as "10.20.0.0/24", without host bits, got ${JSON.stringify(text)}`);
    return cidr;
  }

  /** Reads `10.20.0.0/24`; undefined for anything else, also where host bits are set (`10.20.0.1/24`). */
  static tryParse(text: string): Cidr | undefined {
    const match = /^([\d.]+)\/(\d{1,2})$/.exec(text);
    const base = match?.[1] === undefined ? undefined : parseIpv4(match[1]);
    const prefix = Number(match?.[2]);
    if (base === undefined || prefix > 32) return undefined;
    const cidr = new Cidr(base, prefix);
    return base % cidr.size === 0 ? cidr : undefined;
  }

  /** Number of addresses in the block, network and broadcast address included. */
  get size(): number {
    return 2 ** (32 - this.prefix);
  }

  /** First address after the block. */
  get end(): number {
    return this.base + this.size;
  }

  /** As dotted quad, `255.255.255.0`. */
  get netmask(): string {
    return formatIpv4(2 ** 32 - this.size);
  }

  /** The address with this index in the block, as text. Index 0 is the network address. */
  at(index: number): string {
    if (!Number.isInteger(index) || index < 0 || index >= this.size)
      throw new RangeError(`${this.toString()} has no address with index ${index}`);
    return formatIpv4(this.base + index);
  }

  /** The index of an address in the block; undefined if it is no address or lies outside. */
  indexOf(address: string): number | undefined {
    const value = parseIpv4(address);
    return value === undefined || value < this.base || value >= this.end ? undefined : value - this.base;
  }

  overlaps(other: Cidr): boolean {
    return this.base < other.end && other.base < this.end;
  }

  toString(): string {
    return `${formatIpv4(this.base)}/${this.prefix}`;
  }

  toJSON(): string {
    return this.toString();
  }
}
