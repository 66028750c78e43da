/** What cloud-init does with user-data, told from its first characters. */
export type UserDataKind = keyof typeof contentTypes | "mime" | "gzip" | "empty" | "unknown";

/** The MIME type of each kind, by which a part of a message is handled. Source: `INCLUSION_TYPES_MAP` in cloudinit/handlers. */
export const contentTypes = {
  "cloud-config": "text/cloud-config",
  "cloud-config-archive": "text/cloud-config-archive",
  "cloud-config-jsonp": "text/cloud-config-jsonp",
  script: "text/x-shellscript",
  include: "text/x-include-url",
  "include-once": "text/x-include-once-url",
  boothook: "text/cloud-boothook",
  "part-handler": "text/part-handler",
  jinja: "text/jinja2",
} as const;

/** Longest first where one is the beginning of another. */
const headers: readonly (readonly [string, keyof typeof contentTypes])[] = [
  ["#cloud-config-archive", "cloud-config-archive"],
  ["#cloud-config-jsonp", "cloud-config-jsonp"],
  ["#cloud-config", "cloud-config"],
  ["#cloud-boothook", "boothook"],
  ["#part-handler", "part-handler"],
  ["#include-once", "include-once"],
  ["#include", "include"],
  ["## template: jinja", "jinja"],
  ["#!", "script"],
];

/** What Python's `lstrip` takes away; JavaScript's would take a byte-order mark, too, which hides the header from cloud-init. */
const leadingSpace = /^[ \t\r\n\v\f]+/;
/** cloud-init looks this far for `mime-version:`. */
const mimeSearchLength = 4096;

/**
 * Tells what a user-data text is, by the rules of cloud-init.
 *
 * @returns "gzip" for base64 of gzip; "unknown" for what cloud-init would ignore
 * @example kindOfUserData("#!/bin/sh\necho hello\n") // "script"
 */
export function kindOfUserData(text: string): UserDataKind {
  const start = text.replace(leadingSpace, "");
  if (start === "") return "empty";
  const lowered = start.slice(0, 64).toLowerCase();
  const header = headers.find(([prefix]) => lowered.startsWith(prefix));
  if (header) return header[1];
  if (/^(?:From |[A-Za-z][\w-]*:)/.test(text) && saysMimeVersion(text)) return "mime";
  // The first bytes of gzip, 1f 8b 08, in base64.
  return start.startsWith("H4sI") ? "gzip" : "unknown";
}

const kinds = new Map(Object.entries(contentTypes).map(([kind, type]) => [type as string, kind as keyof typeof contentTypes]));

/** The kind of a part that has a MIME type; undefined for types that say nothing, such as text/plain: there the first line counts. */
export function kindOfContentType(type: string): keyof typeof contentTypes | undefined {
  return kinds.get(type.toLowerCase());
}

/** True where cloud-init takes the whole text for a MIME message, whatever its first line says. */
export function saysMimeVersion(text: string): boolean {
  const head = Buffer.from(text.slice(0, mimeSearchLength)).subarray(0, mimeSearchLength).toString("latin1");
  return head.toLowerCase().includes("mime-version:");
}
