/** Writes protobuf's wire format: varints and length-prefixed bytes are all that the plugin protocol uses. */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** A whole number; negative ones take ten bytes, as protobuf's int64 does. */
  varint(field: number, value: number): void {
    this.#push(varintBytes(BigInt(field) << 3n));
    this.#push(varintBytes(BigInt.asUintN(64, BigInt(value))));
  }

  bytes(field: number, value: Uint8Array): void {
    this.#push(varintBytes((BigInt(field) << 3n) | 2n));
    this.#push(varintBytes(BigInt(value.length)));
    this.#push(value);
  }

  string(field: number, value: string): void {
    this.bytes(field, Buffer.from(value, "utf8"));
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts, this.#length);
  }

  #push(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }
}

function varintBytes(value: bigint): Uint8Array {
  if (value < 128n) return Uint8Array.of(Number(value));
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
