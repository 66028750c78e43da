import fc from "fast-check";
import { expect, test } from "vitest";
import { decimalText, exactDouble, exactNumber } from "../../../lib/provider/framework/decimal.ts";
import { BigNumber } from "../../../lib/provider/framework/value.ts";

test.each([
  ["0.10", 0.1],
  ["-0", 0],
  ["1e3", 1000],
  ["+12.50e-1", 1.25],
  ["9007199254740991", 9007199254740991],
  ["9007199254740993", new BigNumber("9007199254740993")],
  ["00012345678901234567890.500", new BigNumber("12345678901234567890.5")],
  ["1e23", new BigNumber("100000000000000000000000")],
  ["1e-5000", new BigNumber("1e-5000")],
])("%s is one number, however it is written", (text, number) => {
  expect(exactNumber(text)).toEqual(number);
});

test("a JavaScript number stands for the decimal it prints as", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      const exact = exactNumber(String(number));
      expect(Number(decimalText(exact))).toBe(number === 0 ? 0 : number);
      expect(exactNumber(decimalText(exact))).toEqual(exact);
    }),
  );
});

test("another program's double is taken to its last digit", () => {
  expect(exactDouble(0.5)).toBe(0.5);
  expect(decimalText(exactDouble(0.1))).toBe("0.1000000000000000055511151231257827021181583404541015625");
  expect(exactDouble(2 ** 70)).toEqual(new BigNumber("1180591620717411303424"));
});

test.each(["", "-", "1.2.3", "0x1", "NaN", "1e", "e5"])("%j is no number", (text) => {
  expect(() => exactNumber(text)).toThrow("expected a decimal number");
});
