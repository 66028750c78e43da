import { Decoder, Encoder, ExtData } from "@msgpack/msgpack";
import fc from "fast-check";
import { expect, test } from "vitest";
import { equalValues } from "../../../lib/provider/framework/equal.ts";
import { BigNumber, Unknown, unknown, type CtyType, type Value } from "../../../lib/provider/framework/value.ts";
import { decodeValue, encodeValue } from "../../../lib/provider/protocol/value-codec.ts";
import { WireError } from "../../../lib/provider/protocol/wire-error.ts";
import { anyType, anyValue } from "../../fixtures/provider/arbitrary-values.ts";

const typed = anyType.chain((type) => anyValue(type).map((value) => ({ type, value })));

test("any value of any type comes back as it was", () => {
  fc.assert(
    fc.property(typed, ({ type, value }) => {
      const back = decodeValue(type, encodeValue(type, value));
      expect(equalValues(type, back, value)).toBe(true);
      expect(encodeValue(type, back).equals(encodeValue(type, value))).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test("another MessagePack library reads what is written, and is read", () => {
  const library = { encoder: new Encoder({ useBigInt64: true }), decoder: new Decoder({ useBigInt64: true }) };
  const plain = fc.record({ a: fc.string(), b: fc.boolean(), c: fc.maxSafeInteger(), d: fc.array(fc.string()), e: fc.constant(null) });
  const type: CtyType = ["object", { a: "string", b: "bool", c: "number", d: ["list", "string"], e: "string" }];
  fc.assert(
    fc.property(plain, (value) => {
      const theirs = library.decoder.decode(encodeValue(type, value)) as { c: number | bigint };
      expect({ ...theirs, c: Number(theirs.c) }).toEqual(value);
      expect(decodeValue(type, library.encoder.encode(value))).toEqual(value);
      expect(decodeValue("number", library.encoder.encode(BigInt(value.c)))).toBe(value.c);
    }),
  );
  expect(library.decoder.decode(encodeValue("string", "x".repeat(70_000)))).toBe("x".repeat(70_000));
  expect(decodeValue(["list", "bool"], library.encoder.encode(Array.from({ length: 70_000 }, () => true)))).toHaveLength(70_000);
  expect(decodeValue("string", library.encoder.encode(new ExtData(12, Uint8Array.of(0x81, 1, 0xc2))))).toBeInstanceOf(Unknown);
});

test.each([
  ["text for a number of 64 bits", "number", "d3 80 00 00 00 00 00 00 00", new BigNumber("-9223372036854775808")],
  ["an unsigned number of 64 bits", "number", "cf ff ff ff ff ff ff ff ff", new BigNumber("18446744073709551615")],
  [
    "a double that no short decimal is",
    "number",
    "cb 3f b9 99 99 99 99 99 9a",
    new BigNumber("0.1000000000000000055511151231257827021181583404541015625"),
  ],
  ["a double that is a short decimal", "number", "cb 3f e0 00 00 00 00 00 00", 0.5],
  ["a decimal as text", "number", "a3 30 2e 31", 0.1],
  ["the plain unknown", "string", "d4 00 00", unknown],
  ["a refined unknown", "string", "c7 03 0c 81 01 c2", new Unknown(Uint8Array.of(0xc7, 3, 0x0c, 0x81, 1, 0xc2))],
] as const)("%s is read", (_, type, hex, value) => {
  expect(decodeValue(type, Buffer.from(hex.replaceAll(" ", ""), "hex"))).toEqual(value);
});

test("fractions and numbers beyond 2^53 are written as decimals", () => {
  const written = (value: Value) => encodeValue("number", value).subarray(1).toString("latin1");
  expect([0.1, 1e23, 5e-7, new BigNumber("9007199254740993")].map(written)).toEqual([
    "0.1",
    "100000000000000000000000",
    "0.0000005",
    "9007199254740993",
  ]);
});

test.each<[CtyType, unknown, string]>([
  [["object", { a: "string" }], {}, "a: expected a value, got none"],
  [["object", { a: "string" }], { a: "x", b: 1 }, "b: the schema has no such attribute"],
  [["object", { a: ["list", "string"] }], { a: ["x", 5] }, "a[1]: expected text, got a number"],
  ["number", Number.NaN, "value: expected a number, got a number"],
  [["map", "bool"], [], "value: expected a map, got 0 items"],
])("a value that is not of its type %j is refused with its place", (type, value, message) => {
  expect(() => encodeValue(type, value as Value)).toThrow(new WireError(message));
});

test("bytes that are cut off or of another type are refused, never misread", () => {
  fc.assert(
    fc.property(typed, fc.nat(), ({ type, value }, at) => {
      const bytes = encodeValue(type, value);
      if (bytes.length < 2) return;
      expect(() => decodeValue(type, bytes.subarray(0, 1 + (at % (bytes.length - 1))))).toThrow(Error);
    }),
  );
  expect(() => decodeValue(["object", { a: "string" }], encodeValue(["object", { a: "number" }], { a: 5 }))).toThrow("a: expected text");
  expect(() => decodeValue("string", encodeValue("bool", true))).toThrow("expected text, got MessagePack's 0xc3 at byte 0");
});
