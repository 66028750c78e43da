import { exactNumber } from "../framework/decimal.ts";
import { BigNumber } from "../framework/value.ts";
import { WireError } from "./wire-error.ts";

/** Marks a number that JSON.parse would round. No text of JSON can be it: it has a lone surrogate, which is kept as it stands. */
const mark = "\ud800 number ";

/**
 * Parses JSON without rounding numbers: those that JavaScript cannot carry become {@link BigNumber}.
 *
 * @throws WireError if the text is not JSON
 */
export function parseExactJson(text: string): unknown {
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    token.startsWith('"') || !(exactNumber(token) instanceof BigNumber) ? token : JSON.stringify(`${mark}${token}`),
  );
  try {
    return JSON.parse(marked, (_key, value: unknown) =>
      typeof value === "string" && value.startsWith(mark) ? exactNumber(value.slice(mark.length)) : value,
    ) as unknown;
  } catch (error) {
    throw new WireError(`expected JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
