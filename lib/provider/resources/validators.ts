import { Cidr } from "../../units/cidr.ts";
import { Duration } from "../../units/duration.ts";
import { parseIpv4 } from "../../units/ipv4.ts";
import { Size } from "../../units/size.ts";
import type { Validator } from "../framework/attribute.ts";

const quoted = (value: unknown): string => JSON.stringify(value);

/** A DNS label: it becomes a host name and part of names on the host. */
export const label: Validator<string> = (text) =>
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)
    ? undefined
    : `expected 1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end, got ${quoted(text)}`;

/** DNS labels joined by dots: `web.data`. */
export const dottedName: Validator<string> = (text) =>
  text.length <= 120 && text.split(".").every((part) => label(part) === undefined)
    ? undefined
    : `expected a name such as "web" or "web.data", of at most 120 characters, got ${quoted(text)}`;

/** Like a dotted name, and letters may be of either case. */
export const domainName: Validator<string> = (text) =>
  text.length <= 253 && text.split(".").every((part) => label(part.toLowerCase()) === undefined)
    ? undefined
    : `expected a DNS name such as "front.test", got ${quoted(text)}`;

export const cidrBlock: Validator<string> = (text) => {
  const cidr = Cidr.tryParse(text);
  if (!cidr) return `expected a block such as "10.20.0.0/24", without host bits, got ${quoted(text)}`;
  return cidr.prefix >= 8 && cidr.prefix <= 30 ? undefined : `expected a block between /8 and /30, got ${quoted(text)}`;
};

export const ipv4Address: Validator<string> = (text) =>
  parseIpv4(text) === undefined ? `expected an IPv4 address such as "10.20.0.5", got ${quoted(text)}` : undefined;

/** Written as drivers give it back: lower case, so that no plan shows a difference that is none. */
export const macAddress: Validator<string> = (text) => {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(text)) return `expected a MAC in lower case such as "02:00:00:00:00:05", got ${quoted(text)}`;
  return parseInt(text.slice(0, 2), 16) % 2 === 0 ? undefined : `${quoted(text)} is a multicast address: its first byte must be even`;
};

export const sha256Digest: Validator<string> = (text) =>
  /^[0-9a-f]{64}$/.test(text) ? undefined : `expected 64 lower-case hexadecimal digits (SHA-256), got ${quoted(text)}`;

export const bridgeName: Validator<string> = (text) =>
  /^[A-Za-z0-9._-]{1,15}$/.test(text) && !/^\.\.?$/.test(text)
    ? undefined
    : `expected 1 to 15 letters, digits, dots, hyphens and underscores, got ${quoted(text)}`;

export const sizeText: Validator<string> = (text) => {
  const size = Size.tryParse(text);
  if (!size) return `expected a size with a unit, such as "512MiB" or "2GiB", got ${quoted(text)}`;
  return size.bytes > 0 ? undefined : `expected a size above nothing, got ${quoted(text)}`;
};

export const durationText: Validator<string> = (text) =>
  Duration.tryParse(text) ? undefined : `expected a duration with a unit, such as "90s" or "5m", got ${quoted(text)}`;

export function oneOf(...values: readonly string[]): Validator<string> {
  return (text) =>
    values.some((value) => value === text) ? undefined : `expected one of ${values.map(quoted).join(", ")}, got ${quoted(text)}`;
}

/** A whole number between two others, both included. */
export function wholeNumber(least: number, most: number): Validator<number> {
  return (value) =>
    Number.isInteger(value) && value >= least && value <= most
      ? undefined
      : `expected a whole number from ${least} to ${most}, got ${value}`;
}

/** Two ports, the smaller first: `1024-65535`. */
export const portRange: Validator<string> = (text) => {
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  return Number(first) >= 1 && Number(first) <= Number(last) && Number(last) <= 65_535
    ? undefined
    : `expected two ports such as "1024-65535", the smaller first, got ${quoted(text)}`;
};

/** Every key of a map is one that `validate` takes. */
export function keys(validate: Validator<string>): Validator<Readonly<Record<string, unknown>>> {
  return (map) => {
    for (const key of Object.keys(map)) {
      const wrong = validate(key);
      if (wrong !== undefined) return `key ${quoted(key)}: ${wrong}`;
    }
    return undefined;
  };
}

/** A name of Terraform's state that means something to people only: short, printable. */
export const shortText: Validator<string> = (text) =>
  /^[\x21-\x7e]([\x20-\x7e]{0,62}[\x21-\x7e])?$/.test(text)
    ? undefined
    : `expected 1 to 64 printable ASCII characters, got ${quoted(text)}`;

/** A path that a file can have. */
export const filePath: Validator<string> = (text) =>
  text.trim() === "" || text.includes("\u0000") ? `expected the path of a file, got ${quoted(text)}` : undefined;
