import { exactDouble, exactNumber } from "../framework/decimal.ts";
import type { BigNumber } from "../framework/value.ts";
import { WireError } from "./wire-error.ts";

/** Reads MessagePack item by item: the caller knows from the schema what comes next. */
export class MsgpackReader {
  readonly #buffer: Buffer;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.#offset === this.#buffer.length;
  }

  /** Takes a nil, if one is next. */
  nil(): boolean {
    if (this.#buffer[this.#offset] !== 0xc0) return false;
    this.#offset += 1;
    return true;
  }

  /** Takes an extension, if one is next: the whole of it, as it stands. */
  extension(): Uint8Array | undefined {
    const start = this.#offset;
    const mark = this.#buffer[start] ?? 0;
    let end: number;
    if (mark >= 0xd4 && mark <= 0xd8) end = start + 2 + 2 ** (mark - 0xd4);
    else if (mark >= 0xc7 && mark <= 0xc9) {
      const size = 2 ** (mark - 0xc7);
      this.#offset += 1;
      end = start + 2 + size + this.#uint(size);
    } else return undefined;
    if (end > this.#buffer.length) throw new WireError("a MessagePack extension is cut off");
    this.#offset = end;
    return Uint8Array.from(this.#buffer.subarray(start, end));
  }

  bool(): boolean {
    const mark = this.#next();
    if (mark !== 0xc2 && mark !== 0xc3) throw this.#unexpected("a boolean", mark);
    return mark === 0xc3;
  }

  /** Whole and floating-point numbers, and decimals as text: Terraform sends what a double cannot carry that way. */
  number(): number | BigNumber {
    const mark = this.#next();
    if (mark < 0x80) return mark;
    if (mark >= 0xe0) return mark - 0x100;
    switch (mark) {
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#uint(2 ** (mark - 0xcc));
      case 0xcf:
        return exactNumber(this.#take(8).readBigUInt64BE().toString());
      case 0xd0:
      case 0xd1:
      case 0xd2: {
        const size = 2 ** (mark - 0xd0);
        return this.#take(size).readIntBE(0, size);
      }
      case 0xd3:
        return exactNumber(this.#take(8).readBigInt64BE().toString());
      case 0xca:
        return this.#double(this.#take(4).readFloatBE());
      case 0xcb:
        return this.#double(this.#take(8).readDoubleBE());
      default:
        this.#offset -= 1;
        return exactNumber(this.string());
    }
  }

  string(): string {
    const mark = this.#next();
    let length: number;
    if (mark >= 0xa0 && mark <= 0xbf) length = mark & 0x1f;
    else if (mark >= 0xd9 && mark <= 0xdb) length = this.#uint(2 ** (mark - 0xd9));
    else throw this.#unexpected("text", mark);
    return this.#take(length).toString("utf8");
  }

  binary(): Uint8Array {
    const mark = this.#next();
    if (mark < 0xc4 || mark > 0xc6) throw this.#unexpected("bytes", mark);
    return this.#take(this.#uint(2 ** (mark - 0xc4)));
  }

  /** Number of items that follow. */
  array(): number {
    const mark = this.#next();
    if (mark >= 0x90 && mark <= 0x9f) return mark & 0x0f;
    if (mark !== 0xdc && mark !== 0xdd) throw this.#unexpected("a list", mark);
    return this.#uint(mark === 0xdc ? 2 : 4);
  }

  /** Number of pairs of key and value that follow. */
  map(): number {
    const mark = this.#next();
    if (mark >= 0x80 && mark <= 0x8f) return mark & 0x0f;
    if (mark !== 0xde && mark !== 0xdf) throw this.#unexpected("a map", mark);
    return this.#uint(mark === 0xde ? 2 : 4);
  }

  #double(value: number): number | BigNumber {
    if (!Number.isFinite(value)) throw new WireError(`expected a finite number, got ${value}`);
    return exactDouble(value);
  }

  #next(): number {
    return this.#take(1)[0] ?? 0;
  }

  #uint(size: number): number {
    return this.#take(size).readUIntBE(0, size);
  }

  #take(length: number): Buffer {
    const end = this.#offset + length;
    if (end > this.#buffer.length) throw new WireError("a MessagePack value is cut off");
    const taken = this.#buffer.subarray(this.#offset, end);
    this.#offset = end;
    return taken;
  }

  #unexpected(wanted: string, mark: number): WireError {
    return new WireError(`expected ${wanted}, got MessagePack's 0x${mark.toString(16).padStart(2, "0")} at byte ${this.#offset - 1}`);
  }
}
