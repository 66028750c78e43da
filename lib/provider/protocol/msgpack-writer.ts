/** Writes the forms of MessagePack that Terraform's values take, in their shortest size. */
export class MsgpackWriter {
  #buffer = Buffer.allocUnsafe(256);
  #length = 0;

  nil(): void {
    this.#byte(0xc0);
  }

  bool(value: boolean): void {
    this.#byte(value ? 0xc3 : 0xc2);
  }

  /** @param value a safe integer */
  int(value: number): void {
    if (value >= 0) {
      if (value < 0x80) this.#byte(value);
      else if (value < 0x100) this.#head(0xcc, 1, value);
      else if (value < 0x1_0000) this.#head(0xcd, 2, value);
      else if (value < 0x1_0000_0000) this.#head(0xce, 4, value);
      else this.#long(0xcf, BigInt(value));
    } else if (value >= -0x20) this.#byte(value & 0xff);
    else if (value >= -0x80) this.#head(0xd0, 1, value & 0xff);
    else if (value >= -0x8000) this.#head(0xd1, 2, value & 0xffff);
    else if (value >= -0x8000_0000) this.#head(0xd2, 4, value >>> 0);
    else this.#long(0xd3, BigInt.asUintN(64, BigInt(value)));
  }

  string(value: string): void {
    const length = Buffer.byteLength(value, "utf8");
    if (length < 32) this.#byte(0xa0 | length);
    else if (length < 0x100) this.#head(0xd9, 1, length);
    else if (length < 0x1_0000) this.#head(0xda, 2, length);
    else this.#head(0xdb, 4, length);
    this.#reserve(length);
    this.#length += this.#buffer.write(value, this.#length, length, "utf8");
  }

  binary(value: Uint8Array): void {
    if (value.length < 0x100) this.#head(0xc4, 1, value.length);
    else if (value.length < 0x1_0000) this.#head(0xc5, 2, value.length);
    else this.#head(0xc6, 4, value.length);
    this.raw(value);
  }

  array(length: number): void {
    if (length < 16) this.#byte(0x90 | length);
    else if (length < 0x1_0000) this.#head(0xdc, 2, length);
    else this.#head(0xdd, 4, length);
  }

  map(length: number): void {
    if (length < 16) this.#byte(0x80 | length);
    else if (length < 0x1_0000) this.#head(0xde, 2, length);
    else this.#head(0xdf, 4, length);
  }

  /** Bytes that are MessagePack already. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  finish(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length] = value;
    this.#length += 1;
  }

  #head(mark: number, size: 1 | 2 | 4, value: number): void {
    this.#byte(mark);
    this.#reserve(size);
    this.#length = this.#buffer.writeUIntBE(value, this.#length, size);
  }

  #long(mark: number, value: bigint): void {
    this.#byte(mark);
    this.#reserve(8);
    this.#length = this.#buffer.writeBigUInt64BE(value, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + more));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
