/** Remembers since when the same trouble has been seen without a pause. */
export class Lasting {
  private trouble: string | undefined;
  private since = 0;

  /** @returns milliseconds that this trouble has lasted; 0 for a new one, and for none */
  note(trouble: string | undefined, now: number): number {
    if (trouble === this.trouble) return trouble === undefined ? 0 : now - this.since;
    this.trouble = trouble;
    this.since = now;
    return 0;
  }
}
