const factors = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
type DurationUnit = keyof typeof factors;

/**
 * A length of time in whole milliseconds.
 *
 * @example Duration.parse("90s").seconds // 90
 */
export class Duration {
  readonly milliseconds: number;

  private constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }

  /** @throws RangeError if not a whole number between 0 and 2^53-1 */
  static milliseconds(milliseconds: number): Duration {
    if (!Number.isSafeInteger(milliseconds) || milliseconds < 0) {
      throw new RangeError(`Expected a whole number of milliseconds between 0 and 2^53-1, got ${milliseconds}`);
    }
    return new Duration(milliseconds);
  }

  /** @example Duration.seconds(90) */
  static seconds(amount: number): Duration {
    return Duration.milliseconds(amount * factors.s);
  }

  /** @example Duration.minutes(5) */
  static minutes(amount: number): Duration {
    return Duration.milliseconds(amount * factors.m);
  }

  /**
   * Reads `500ms`, `90s`, `5m`, `1h`, and sums of them, largest first: `1h30m`.
   *
   * @throws RangeError if the text is anything else; `tryParse` returns undefined instead
   */
  static parse(text: string): Duration {
    const duration = Duration.tryParse(text);
    if (!duration) throw new RangeError(`Expected a duration with a unit, such as "90s" or "5m", got ${JSON.stringify(text)}`);
    return duration;
  }

  /** Like `parse`, but undefined for anything that is not a duration. */
  static tryParse(text: string): Duration | undefined {
    const match = /^(?:(\d{1,9})h)?(?:(\d{1,9})m(?!s))?(?:(\d{1,9})s)?(?:(\d{1,12})ms)?$/.exec(text);
    if (!match || text === "") return undefined;
    const [hours, minutes, seconds, milliseconds] = match.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number];
    return new Duration(hours * factors.h + minutes * factors.m + seconds * factors.s + milliseconds);
  }

  get seconds(): number {
    return this.milliseconds / factors.s;
  }

  /** This duration times a factor, rounded up to a whole millisecond. */
  times(factor: number): Duration {
    return Duration.milliseconds(Math.ceil(this.milliseconds * factor));
  }

  /** The largest single unit that is exact: `5m`, `90s`, `1500ms`. `Duration.parse` reads it back. */
  toString(): string {
    const units: DurationUnit[] = ["h", "m", "s"];
    const unit = units.find((candidate) => this.milliseconds >= factors[candidate] && this.milliseconds % factors[candidate] === 0) ?? "ms";
    return `${this.milliseconds / factors[unit]}${unit}`;
  }

  toJSON(): string {
    return this.toString();
  }
}
