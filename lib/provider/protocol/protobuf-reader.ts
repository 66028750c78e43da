import { WireError } from "./wire-error.ts";

/** One field of a message as it stands in the bytes: a varint or length-prefixed bytes; other forms are skipped. */
export interface WireField {
  readonly number: number;
  readonly varint?: bigint;
  readonly bytes?: Uint8Array;
}

/**
 * The fields of a message, in their order. Bytes are views of the input.
 *
 * @throws WireError if the bytes are no message
 */
export function* readFields(bytes: Uint8Array): Generator<WireField> {
  let offset = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[offset];
      if (byte === undefined) throw new WireError("a protobuf message ends within a number");
      offset += 1;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new WireError("a protobuf number is longer than ten bytes");
  };
  const take = (length: number): Uint8Array => {
    const end = offset + length;
    if (end > bytes.length) throw new WireError(`a protobuf field of ${length} bytes has only ${bytes.length - offset}`);
    const taken = bytes.subarray(offset, end);
    offset = end;
    return taken;
  };
  while (offset < bytes.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    if (number === 0) throw new WireError("a protobuf field has the number 0");
    const form = Number(tag & 7n);
    if (form === 0) yield { number, varint: varint() };
    else if (form === 2) yield { number, bytes: take(Number(varint())) };
    else if (form === 1) take(8);
    else if (form === 5) take(4);
    else throw new WireError(`protobuf has no wire type ${form}`);
  }
}
