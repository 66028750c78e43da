import { Duration } from "../../units/duration.ts";
import { Size } from "../../units/size.ts";
import type { Path, Report } from "../path.ts";

/** Makes the place where a value stands; asked for only if there is something to say of it. */
export type Place = () => Path;

/*
 * The schema has checked every value as written; these read the ones that only `${each:…}` or a program could have filled in, too.
 * A value that cannot be read is reported as INVALID_VALUE, and `undefined` is returned.
 */

/** A whole number from `minimum` to `maximum`. */
export function readInteger(value: unknown, minimum: number, maximum: number, at: Place, report: Report): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= minimum && value <= maximum) return value;
  return invalid(value, `a whole number from ${minimum} to ${maximum}`, at, report);
}

/** True or false. */
export function readBoolean(value: unknown, at: Place, report: Report): boolean | undefined {
  if (value === undefined || typeof value === "boolean") return value;
  return invalid(value, "true or false", at, report);
}

/** A size, in bytes; never nothing. */
export function readSize(value: unknown, at: Place, report: Report): number | undefined {
  if (value === undefined) return undefined;
  const size = typeof value === "string" ? Size.tryParse(value) : undefined;
  return size && size.bytes > 0 ? size.bytes : invalid(value, 'a size such as "512MiB" or "2GiB"', at, report);
}

/** A duration, in milliseconds. */
export function readDuration(value: unknown, at: Place, report: Report): number | undefined {
  if (value === undefined) return undefined;
  const duration = typeof value === "string" ? Duration.tryParse(value) : undefined;
  return duration?.milliseconds ?? invalid(value, 'a duration such as "90s" or "5m"', at, report);
}

/** A text; a number or truth value that `${each:…}` gave becomes one. */
export function readText(value: unknown, at: Place, report: Report): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return invalid(value, "a text", at, report);
}

function invalid(value: unknown, expected: string, at: Place, report: Report): undefined {
  report({
    code: "INVALID_VALUE",
    severity: "error",
    path: at(),
    summary: `expected ${expected}, found ${JSON.stringify(value)}`,
    nextStep: `Write ${expected}.`,
  });
  return undefined;
}
