import fc from "fast-check";
import { expect, test } from "vitest";
import { BigNumber } from "../../../lib/provider/framework/value.ts";
import { parseExactJson } from "../../../lib/provider/protocol/exact-json.ts";

test("JSON is read as JSON.parse does, but for rounding", () => {
  const rounded = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (_key, item) => (item instanceof BigNumber ? Number(item.text) : (item as unknown))));
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.stringify(rounded(parseExactJson(text)))).toBe(JSON.stringify(JSON.parse(text)));
    }),
    { numRuns: 300 },
  );
});

test("numbers keep all their digits; text that looks like one stays text", () => {
  expect(parseExactJson('{"a":12345678901234567890,"b":[0.1,1e400],"c":"12345678901234567890","\\"9007199254740993":5e-1}')).toEqual({
    a: new BigNumber("12345678901234567890"),
    b: [0.1, new BigNumber(`1${"0".repeat(400)}`)],
    c: "12345678901234567890",
    '"9007199254740993': 0.5,
  });
});

test("what is no JSON is refused", () => {
  expect(() => parseExactJson("{")).toThrow("expected JSON");
});
