import { ProtobufWriter } from "./protobuf-writer.ts";
import { readFields, type WireField } from "./protobuf-reader.ts";
import { WireError } from "./wire-error.ts";

/** How one field of a message is written. The type parameter is what the program sees. */
interface Field<T> {
  readonly number: number;
  empty(): T;
  write(writer: ProtobufWriter, value: T): void;
  /** Called for each occurrence; lists and maps add to what there is. */
  read(found: WireField, current: T): T;
}

/** A field whose type nobody needs to know. */
interface AnyField {
  readonly number: number;
  empty(): unknown;
  write(writer: ProtobufWriter, value: never): void;
  read(found: WireField, current: never): unknown;
}

type Fields = Readonly<Record<string, AnyField>>;
type ValueOf<F> = F extends Field<infer T> ? T : never;
type MessageOf<F> = { readonly [K in keyof F]: ValueOf<F[K]> };

/** A message type of the protocol, as a table of its fields: turns plain objects into bytes and back. */
export interface Message<T> {
  encode(value: Partial<T>): Buffer;
  /** Fields that are not in the bytes have protobuf's empty value; unknown ones are passed over. */
  decode(bytes: Uint8Array): T;
}

export type Decoded<M> = M extends Message<infer T> ? T : never;

export function message<const F extends Fields>(fields: F): Message<MessageOf<F>> {
  const entries = Object.entries(fields) as unknown as readonly (readonly [string, Field<unknown>])[];
  const byNumber = new Map(entries.map(([name, field]) => [field.number, { name, field }]));
  return {
    encode: (value) => {
      const writer = new ProtobufWriter();
      for (const [name, field] of entries) {
        const given = (value as Readonly<Record<string, unknown>>)[name];
        if (given !== undefined) field.write(writer, given);
      }
      return writer.finish();
    },
    decode: (bytes) => {
      const decoded: Record<string, unknown> = {};
      for (const [name, field] of entries) decoded[name] = field.empty();
      for (const found of readFields(bytes)) {
        const known = byNumber.get(found.number);
        if (known) decoded[known.name] = known.field.read(found, decoded[known.name]);
      }
      return decoded as MessageOf<F>;
    },
  };
}

export const string = (number: number): Field<string> => ({
  number,
  empty: () => "",
  write: (writer, value) => (value === "" ? undefined : writer.string(number, value)),
  read: (found) => text(found),
});

export const bytes = (number: number): Field<Uint8Array> => ({
  number,
  empty: () => new Uint8Array(),
  write: (writer, value) => (value.length === 0 ? undefined : writer.bytes(number, value)),
  read: (found) => content(found),
});

export const bool = (number: number): Field<boolean> => ({
  number,
  empty: () => false,
  write: (writer, value) => (value ? writer.varint(number, 1) : undefined),
  read: (found) => integer(found) !== 0,
});

/** Also for enumerations. Numbers here are versions and kinds, far below 2^53. */
export const int = (number: number): Field<number> => ({
  number,
  empty: () => 0,
  write: (writer, value) => (value === 0 ? undefined : writer.varint(number, value)),
  read: (found) => integer(found),
});

/** A member of a `oneof`: absent and empty differ. */
export const oneOfString = (number: number): Field<string | undefined> => ({
  number,
  empty: () => undefined,
  write: (writer, value) => (value === undefined ? undefined : writer.string(number, value)),
  read: (found) => text(found),
});

export const oneOfInt = (number: number): Field<number | undefined> => ({
  number,
  empty: () => undefined,
  write: (writer, value) => (value === undefined ? undefined : writer.varint(number, value)),
  read: (found) => integer(found),
});

export const nested = <T>(number: number, type: Message<T>): Field<T | undefined> => ({
  number,
  empty: () => undefined,
  write: (writer, value) => (value === undefined ? undefined : writer.bytes(number, type.encode(value))),
  read: (found) => type.decode(content(found)),
});

/** The partial form is what one writes; reading fills in the empty values. */
export const list = <T>(number: number, type: Message<T>): Field<readonly Partial<T>[]> => ({
  number,
  empty: () => [],
  write: (writer, values) => {
    for (const value of values) writer.bytes(number, type.encode(value));
  },
  read: (found, current) => [...current, type.decode(content(found))],
});

export const map = <T>(number: number, type: Message<T>): Field<ReadonlyMap<string, Partial<T>>> => {
  const entry = message({ key: string(1), value: nested(2, type) });
  return {
    number,
    empty: () => new Map(),
    write: (writer, values) => {
      for (const [key, value] of values) writer.bytes(number, entry.encode({ key, value: value as T }));
    },
    read: (found, current) => {
      const { key, value } = entry.decode(content(found));
      return new Map<string, Partial<T>>(current).set(key, value ?? type.decode(new Uint8Array()));
    },
  };
};

function content({ number, bytes }: WireField): Uint8Array {
  if (!bytes) throw new WireError(`protobuf field ${number} should have a length`);
  return bytes;
}

function text(found: WireField): string {
  return Buffer.from(content(found)).toString("utf8");
}

function integer({ number, varint }: WireField): number {
  if (varint === undefined) throw new WireError(`protobuf field ${number} should be a number`);
  return Number(BigInt.asIntN(64, varint));
}
