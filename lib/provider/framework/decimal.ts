import { BigNumber } from "./value.ts";

/** Beyond this many zeros a decimal keeps its exponent instead of being written out. */
const longestZeros = 2000;

/**
 * The number that a decimal stands for: a JavaScript number if that prints as the same decimal, else a {@link BigNumber}.
 * Two values are the same number exactly if this returns the same for both.
 *
 * @example exactNumber("0.10") // 0.1
 * @example exactNumber("12345678901234567890") // BigNumber
 * @throws RangeError if the text is not a decimal
 */
export function exactNumber(text: string): number | BigNumber {
  const decimal = canonicalDecimal(text);
  const number = Number(decimal);
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) return new BigNumber(decimal);
  return Number.isFinite(number) && canonicalDecimal(String(number)) === decimal ? number : new BigNumber(decimal);
}

/** The number that a binary floating-point number of another program stands for, to its last digit. */
export function exactDouble(double: number): number | BigNumber {
  if (Number.isSafeInteger(double)) return double === 0 ? 0 : double;
  if (Number.isInteger(double)) return exactNumber(BigInt(double).toString());
  // m × 2^-k is m × 5^k with k decimals.
  let decimals = 0;
  let scaled = double;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    decimals += 1;
  }
  return exactNumber(`${BigInt(scaled) * 5n ** BigInt(decimals)}e-${decimals}`);
}

/** The decimal of a number, in full. */
export function decimalText(number: number | BigNumber): string {
  return canonicalDecimal(number instanceof BigNumber ? number.text : String(number));
}

function canonicalDecimal(text: string): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/.exec(text);
  const [, sign, whole = "", fraction = "", exponent = "0"] = match ?? [];
  if (!match || whole + fraction === "") throw new RangeError(`expected a decimal number, got ${JSON.stringify(text.slice(0, 100))}`);
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  const minus = sign === "-" ? "-" : "";
  if (Math.abs(power) > longestZeros) return `${minus}${significant}e${power}`;
  if (power >= 0) return `${minus}${significant}${"0".repeat(power)}`;
  const padded = significant.padStart(1 - power, "0");
  return `${minus}${padded.slice(0, power)}.${padded.slice(power)}`;
}
