import type { Schema } from "../../../schemas/lab/value.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Path } from "../path.ts";
import { found, quote } from "./describe.ts";
import { suggestDuration, suggestName, suggestSize } from "./suggest.ts";

/** What is wrong with the form of a text: its length or its pattern. */
export function explainText(rule: Schema, value: string, path: Path): Diagnostic[] {
  const tooShort = value.length < Number(rule["minLength"] ?? 0);
  const pattern = rule["pattern"];
  if (!tooShort && (typeof pattern !== "string" || new RegExp(pattern, "u").test(value))) return [];
  if (value === "") {
    return [
      {
        code: "BAD_FORMAT",
        severity: "error",
        path,
        summary: "expected text, found an empty text",
        nextStep: "Write something, or leave the key out.",
      },
    ];
  }
  switch (rule["title"]) {
    case "Size":
      return [withUnit("BAD_SIZE", "a size with a unit", "512MiB or 2GiB", suggestSize(value), value, path)];
    case "Duration":
      return [withUnit("BAD_DURATION", "a duration with a unit", "90s or 5m", suggestDuration(value), value, path)];
    case "Name":
      return [badName(value, path)];
    default:
      return [badFormat(rule, String(pattern), value, path)];
  }
}

function withUnit(
  code: "BAD_SIZE" | "BAD_DURATION",
  noun: string,
  examples: string,
  near: string | undefined,
  value: string,
  path: Path,
): Diagnostic {
  const nextStep = near === undefined ? `Write it like ${examples}.` : `Did you mean "${near}"?`;
  return { code, severity: "error", path, summary: `expected ${noun}, found ${found(value)}`, nextStep };
}

function badName(value: string, path: Path): Diagnostic {
  const near = suggestName(value);
  return {
    code: "BAD_NAME",
    severity: "error",
    path,
    summary: `expected a name of lower-case letters, digits and hyphens, at most 63, with no hyphen at either end, found ${quote(value)}`,
    nextStep: near === undefined ? "Take another name." : `Write "${near}", for example.`,
  };
}

/** What a pattern asks for, in words. A test has one entry here for every pattern of the schema. */
const forms: Readonly<Record<string, string>> = {
  "^/": "text that starts with /",
  "^\\d{1,3}(\\.\\d{1,3}){3}$": 'an IPv4 address such as "192.168.1.1"',
  "^[A-Za-z0-9_.-]{1,15}$": "the name of a bridge: at most 15 letters, digits, dots, hyphens and underscores",
  "^[^\\s/][^/]{0,126}$": "the name of a NIC of the host, as `ip link` or `VBoxManage list bridgedifs` shows it",
  "^0?[0-7]{3,4}$": 'an octal mode such as "0644"',
  "^(embedded|qemu(\\+(ssh|sshcmd|tcp|tls))?://.*)$": "embedded, qemu:///system or qemu+ssh://USER@HOST/system",
  "^[a-z]{3,20}$": "a release's code name such as bookworm",
  "^[a-z0-9][a-z0-9+.:-]*$": "the name of a package: lower-case letters, digits and + . : -",
  "^https?://": "a URL that starts with http:// or https://",
  "^(https?|file)://": "a URL that starts with https://, http:// or file://",
  "^[0-9a-f]{64}$": "64 lower-case hexadecimal digits",
  "^[A-Za-z_][A-Za-z0-9_]*$": "a name of letters, digits and underscores that does not start with a digit",
  "^\\d{1,5}-\\d{1,5}$": "a range of ports such as 1024-65535",
  "^\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}$": "a block of addresses such as 10.20.0.0/24",
  "^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$": "a DNS domain such as lab.test, in lower case",
  "^(\\d{1,3}(\\.\\d{1,3}){3}|\\$\\{(var|each):[A-Za-z_][A-Za-z0-9_]*\\})$": "an IPv4 address such as 10.20.0.5",
  "^([0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}|\\$\\{(var|each):[A-Za-z_][A-Za-z0-9_]*\\})$": 'a MAC such as "02:00:00:00:00:05"',
  "^([0-9A-Fa-f:.]{2,45}|.*\\$\\{(var|each):[A-Za-z_][A-Za-z0-9_]*\\}.*)$": "an IPv4 or IPv6 address such as 10.20.0.5 or fd00::5",
  "^(\\d{1,3}(\\.\\d{1,3}){3}|.*\\$\\{(var|each):[A-Za-z_][A-Za-z0-9_]*\\}.*)$": "an IPv4 address such as 10.20.0.1",
  "^(default|[0-9A-Fa-f:.]{2,45}/\\d{1,3}|.*\\$\\{(var|each):[A-Za-z_][A-Za-z0-9_]*\\}.*)$":
    "a block of addresses such as 10.99.0.0/16 or fd00:99::/32, or default",
  "^(slaac|dhcp|[0-9A-Fa-f:.]{2,45}/\\d{1,3}|.*\\$\\{(var|each):[A-Za-z_][A-Za-z0-9_]*\\}.*)$":
    "slaac, dhcp, or an IPv6 address with its prefix such as fd00::5/64",
  "^(\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}|.*\\$\\{(var|each):[A-Za-z_][A-Za-z0-9_]*\\}.*)$":
    "an IPv4 address with its prefix such as 10.30.0.5/24",
  "^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?|\\d{1,3}(\\.\\d{1,3}){3})$": "the name of a sandbox, or an IPv4 address",
  "^[a-z_][a-z0-9_-]{0,31}$": "a user name: lower-case letters, digits, _ and -, at most 32",
  "^[A-Za-z0-9_.-]{1,63}$": "a label's name: letters, digits and _ . -, at most 63",
};

/** The words for a pattern; undefined if nobody wrote them yet. */
export function formOf(pattern: string): string | undefined {
  return forms[pattern];
}

function badFormat(rule: Schema, pattern: string, value: string, path: Path): Diagnostic {
  const form = formOf(pattern) ?? `text that matches ${pattern}`;
  const example = (rule["examples"] as unknown[] | undefined)?.[0];
  // Names of labels and variables are keys: the code says so.
  const isName = pattern === "^[A-Za-z0-9_.-]{1,63}$" || pattern === "^[A-Za-z_][A-Za-z0-9_]*$";
  return {
    code: isName ? "BAD_NAME" : "BAD_FORMAT",
    severity: "error",
    path,
    summary: `expected ${form}, found ${quote(value)}`,
    nextStep: example === undefined ? `Write ${form}.` : `Write it like ${JSON.stringify(example)}.`,
  };
}
