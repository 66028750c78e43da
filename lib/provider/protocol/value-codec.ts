import { decimalText } from "../framework/decimal.ts";
import { BigNumber, Dynamic, Unknown, unknown, type CtyType, type Value } from "../framework/value.ts";
import { MsgpackReader } from "./msgpack-reader.ts";
import { MsgpackWriter } from "./msgpack-writer.ts";
import { WireError } from "./wire-error.ts";

/** An unknown value of which nothing more is known: extension type 0 with one byte. */
const plainUnknown = Uint8Array.of(0xd4, 0, 0);

/**
 * Terraform's MessagePack form of a value.
 *
 * @param type the schema's type: the bytes do not say it
 * @throws WireError naming the place if the value is not of the type
 */
export function encodeValue(type: CtyType, value: Value): Buffer {
  const writer = new MsgpackWriter();
  write(writer, type, value, "");
  return writer.finish();
}

/**
 * The value that Terraform sent.
 *
 * @throws WireError naming the place if the bytes are not of the type
 */
export function decodeValue(type: CtyType, bytes: Uint8Array): Value {
  const reader = new MsgpackReader(bytes);
  const value = read(reader, type, "");
  if (!reader.atEnd) throw new WireError("bytes follow after a MessagePack value");
  return value;
}

function write(writer: MsgpackWriter, type: CtyType, value: Value, place: string): void {
  const wrong = (wanted: string) => new WireError(`${place || "value"}: expected ${wanted}, got ${describe(value)}`);
  if (value === null) return writer.nil();
  if (value instanceof Unknown) return writer.raw(value.refinement ?? plainUnknown);
  if (typeof type === "string") {
    switch (type) {
      case "string":
        if (typeof value !== "string") throw wrong("text");
        return writer.string(value);
      case "bool":
        if (typeof value !== "boolean") throw wrong("a boolean");
        return writer.bool(value);
      case "number":
        if (value instanceof BigNumber) return writer.string(decimalText(value));
        if (typeof value !== "number" || !Number.isFinite(value)) throw wrong("a number");
        return Number.isSafeInteger(value) ? writer.int(value) : writer.string(decimalText(value));
      case "dynamic":
        if (!(value instanceof Dynamic)) throw wrong("a value with its type");
        writer.array(2);
        writer.binary(Buffer.from(JSON.stringify(value.type)));
        return write(writer, value.type, value.value, place);
    }
  }
  if (type[0] === "list" || type[0] === "set" || type[0] === "tuple") {
    if (!Array.isArray(value) || (type[0] === "tuple" && value.length !== type[1].length)) throw wrong(`a ${type[0]}`);
    writer.array(value.length);
    for (const [index, item] of (value as readonly Value[]).entries()) write(writer, itemType(type, index), item, `${place}[${index}]`);
    return;
  }
  if (!isRecord(value)) throw wrong(type[0] === "map" ? "a map" : "an object");
  const keys = Object.keys(type[0] === "map" ? value : type[1]);
  if (keys.length !== Object.keys(value).length) {
    const extra = Object.keys(value).find((key) => !attributeType(type, key));
    if (extra !== undefined) throw new WireError(`${dotted(place, extra)}: the schema has no such attribute`);
  }
  writer.map(keys.length);
  for (const key of keys) {
    const item = Object.hasOwn(value, key) ? value[key] : undefined;
    if (item === undefined) throw new WireError(`${dotted(place, key)}: expected a value, got none`);
    writer.string(key);
    write(writer, attributeType(type, key) ?? "dynamic", item, dotted(place, key));
  }
}

type ListType = Extract<CtyType, readonly ["list" | "set" | "map", CtyType] | readonly ["tuple", readonly CtyType[]]>;
type RecordType = Extract<CtyType, readonly ["list" | "set" | "map", CtyType] | readonly ["object", unknown]>;

function itemType(type: ListType, index: number): CtyType {
  return type[0] === "tuple" ? (type[1][index] ?? "dynamic") : type[1];
}

function attributeType(type: RecordType, key: string): CtyType | undefined {
  if (type[0] !== "object") return type[1];
  return Object.hasOwn(type[1], key) ? type[1][key] : undefined;
}

function read(reader: MsgpackReader, type: CtyType, place: string): Value {
  if (reader.nil()) return null;
  const extension = reader.extension();
  if (extension) return Buffer.compare(extension, plainUnknown) === 0 ? unknown : new Unknown(extension);
  try {
    return readKnown(reader, type, place);
  } catch (error) {
    if (error instanceof WireError && error.message.startsWith("expected") && place) {
      throw new WireError(`${place}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

function readKnown(reader: MsgpackReader, type: CtyType, place: string): Value {
  if (typeof type === "string") {
    switch (type) {
      case "string":
        return reader.string();
      case "bool":
        return reader.bool();
      case "number":
        return reader.number();
      case "dynamic": {
        if (reader.array() !== 2) throw new WireError(`${place}: a dynamic value is its type and its value`);
        const own = JSON.parse(Buffer.from(reader.binary()).toString("utf8")) as CtyType;
        return new Dynamic(own, read(reader, own, place));
      }
    }
  }
  if (type[0] === "list" || type[0] === "set" || type[0] === "tuple") {
    const length = reader.array();
    if (type[0] === "tuple" && length !== type[1].length) throw new WireError(`expected ${type[1].length} items, got ${length}`);
    const items: Value[] = [];
    for (let index = 0; index < length; index += 1) items.push(read(reader, itemType(type, index), `${place}[${index}]`));
    return items;
  }
  const length = reader.map();
  const entries: [string, Value][] = [];
  for (let i = 0; i < length; i += 1) {
    const key = reader.string();
    const of = attributeType(type, key);
    if (!of) throw new WireError(`${dotted(place, key)}: the schema has no such attribute`);
    entries.push([key, read(reader, of, dotted(place, key))]);
  }
  // Makes own properties of all keys, `__proto__` among them.
  const record = Object.fromEntries(entries);
  const missing = type[0] === "object" ? Object.keys(type[1]).find((key) => !Object.hasOwn(record, key)) : undefined;
  if (missing !== undefined) throw new WireError(`${dotted(place, missing)}: expected a value, got none`);
  return record;
}

function isRecord(value: Value): value is Readonly<Record<string, Value>> {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof BigNumber) && !(value instanceof Dynamic)
  );
}

/** What a value is, without showing it: it may be a secret. */
function describe(value: Value | undefined): string {
  if (value === undefined) return "undefined";
  if (value instanceof BigNumber) return "a number";
  if (value instanceof Dynamic) return "a dynamic value";
  if (Array.isArray(value)) return `${value.length} items`;
  return typeof value === "object" ? "an object" : typeof value === "string" ? "text" : `a ${typeof value}`;
}

function dotted(place: string, key: string): string {
  return place === "" ? key : `${place}.${key}`;
}
