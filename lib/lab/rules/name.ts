import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Path } from "../path.ts";

const label = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const longest = 63;

/**
 * Checks that a name is one DNS label (RFC 1123): it becomes a host name, a DNS name and part of object names on the host. The schema
 * checks names as written; what `count` and `forEach` make of them is only known here.
 *
 * @param what `sandbox`, `network` …
 */
export function checkName(what: string, name: string, path: Path): Diagnostic[] {
  if (name.length > longest) {
    return [
      {
        code: "INVALID_NAME",
        severity: "error",
        path,
        summary: `${what} name "${name}" has ${name.length} characters, a DNS label has at most ${longest}`,
        nextStep: `Shorten it by ${name.length - longest} characters or more.`,
      },
    ];
  }
  if (label.test(name)) return [];
  return [
    {
      code: "INVALID_NAME",
      severity: "error",
      path,
      summary: `${what} name ${JSON.stringify(name)} is no DNS label`,
      nextStep: "Use lower-case letters, digits and hyphens, with no hyphen at either end.",
    },
  ];
}
