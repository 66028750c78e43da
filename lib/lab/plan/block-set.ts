import type { Cidr } from "../../units/cidr.ts";

/** A block and whose it is. */
export interface OwnedBlock<T> {
  readonly cidr: Cidr;
  readonly owner: T;
}

/** Blocks of addresses that do not overlap, each with its owner; finds an overlap in logarithmic time. */
export class BlockSet<T> {
  /** Sorted by base. */
  readonly #blocks: OwnedBlock<T>[] = [];

  /** A block that shares addresses with this one: the first such. */
  overlapping(cidr: Cidr): OwnedBlock<T> | undefined {
    const next = this.#indexAfter(cidr.base);
    const before = this.#blocks[next - 1];
    if (before?.cidr.overlaps(cidr)) return before;
    const after = this.#blocks[next];
    return after?.cidr.overlaps(cidr) ? after : undefined;
  }

  /** @throws RangeError if it overlaps one that is there: ask first */
  add(cidr: Cidr, owner: T): void {
    if (this.overlapping(cidr)) throw new RangeError(`${cidr.toString()} overlaps a block that is there already`);
    this.#blocks.splice(this.#indexAfter(cidr.base), 0, { cidr, owner });
  }

  #indexAfter(base: number): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const block = this.#blocks[middle];
      if (block !== undefined && block.cidr.base <= base) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
