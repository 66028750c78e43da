const factors = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const;
type SizeUnit = keyof typeof factors;

/**
 * An amount of bytes, always whole.
 *
 * @example Size.parse("2GiB").bytes // 2147483648
 */
export class Size {
  readonly bytes: number;

  private constructor(bytes: number) {
    this.bytes = bytes;
  }

  /** @throws RangeError if `bytes` is not a whole number between 0 and 2^53-1 */
  static bytes(bytes: number): Size {
    if (!Number.isSafeInteger(bytes) || bytes < 0) {
      throw new RangeError(`Expected a whole number of bytes between 0 and 2^53-1, got ${bytes}`);
    }
    return new Size(bytes);
  }

  /** @example Size.mebibytes(512) */
  static mebibytes(amount: number): Size {
    return Size.bytes(amount * factors.MiB);
  }

  /** @example Size.gibibytes(10) */
  static gibibytes(amount: number): Size {
    return Size.bytes(amount * factors.GiB);
  }

  /**
   * Reads `512MiB`, `2 GiB`, `1.5GiB`: a number and one of B, KiB, MiB, GiB, TiB.
   *
   * @throws RangeError if the text is anything else, or not a whole number of bytes; `tryParse` returns undefined instead
   */
  static parse(text: string): Size {
    const size = Size.tryParse(text);
    if (!size) throw new RangeError(`Expected a size with a unit, such as "512MiB" or "2GiB", got ${JSON.stringify(text)}`);
    return size;
  }

  /** Like `parse`, but undefined for anything that is not a size. */
  static tryParse(text: string): Size | undefined {
    const match = /^(\d{1,15}(?:\.\d{1,6})?) ?(B|KiB|MiB|GiB|TiB)$/.exec(text);
    if (!match) return undefined;
    const bytes = Number(match[1]) * factors[match[2] as SizeUnit];
    return Number.isSafeInteger(bytes) ? new Size(bytes) : undefined;
  }

  isLessThan(other: Size): boolean {
    return this.bytes < other.bytes;
  }

  /** The shortest exact form: `2GiB`, `1536MiB`, `1000B`. `Size.parse` reads it back. */
  toString(): string {
    const units: SizeUnit[] = ["TiB", "GiB", "MiB", "KiB"];
    const unit = units.find((candidate) => this.bytes >= factors[candidate] && this.bytes % factors[candidate] === 0) ?? "B";
    return `${this.bytes / factors[unit]}${unit}`;
  }

  toJSON(): string {
    return this.toString();
  }
}
