import { createHash } from "node:crypto";

/** One part of a multi-part message. */
export interface MimePart {
  /** As in its header, without `charset`: `text/cloud-config`, `text/x-shellscript`. */
  readonly contentType: string;
  /** Printable ASCII. cloud-init names files after it. */
  readonly filename: string;
  /** Text is sent as UTF-8. A `multipart/…` part is text: a body that contains its own boundaries. */
  readonly content: string | Uint8Array;
  /** More headers, such as `Merge-Type`, in this order. Values are printable ASCII. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** RFC 5321 4.5.3.1.6, without the line's end. */
const longestLine = 998;
const base64Line = 76;

/**
 * Writes a `multipart/mixed` message: RFC 2045 and 2046, lines end with a line feed, as cloud-init and Python's `email` read and write it. There is no date and no
 * random id, and the boundary is a hash of the parts: equal parts give equal bytes. Every part reads back byte by byte.
 *
 * @throws RangeError for a header, type or file name that is not printable ASCII
 * @example mimeMultipart([{ contentType: "text/x-shellscript", filename: "setup", content: "#!/bin/sh\n" }])
 */
export function mimeMultipart(parts: readonly MimePart[]): string {
  const sections = parts.map(section);
  // The boundary is a hash over all of the text that follows it: that text cannot contain it.
  const hash = createHash("sha256");
  for (const text of sections) hash.update(`${text.length}\n`).update(text);
  const boundary = `==terrarium-${hash.digest("hex").slice(0, 32)}==`;
  const head = `Content-Type: multipart/mixed; boundary="${boundary}"\nMIME-Version: 1.0\n\n`;
  return `${head}${sections.map((text) => `--${boundary}\n${text}\n`).join("")}--${boundary}--\n`;
}

function section({ contentType, filename, content, headers = {} }: MimePart): string {
  const { encoding, body } = encode(contentType, content);
  const isText = contentType.startsWith("text/");
  const lines = [
    header("Content-Type", isText ? `${contentType}; charset="utf-8"` : contentType),
    header("MIME-Version", "1.0"),
    header("Content-Transfer-Encoding", encoding),
    header("Content-Disposition", `attachment; filename="${filename.replaceAll(/["\\]/g, String.raw`\$&`)}"`),
    ...Object.entries(headers).map(([name, value]) => header(name, value)),
  ];
  return `${lines.join("\n")}\n\n${body}`;
}

function header(name: string, value: string): string {
  if (!/^[\w-]+$/.test(name)) throw new RangeError(`Expected a header name of letters, digits and "-", got ${JSON.stringify(name)}`);
  if (!/^[\x20-\x7e]*$/.test(value)) throw new RangeError(`Expected printable ASCII in header ${name}, got ${JSON.stringify(value)}`);
  return `${name}: ${value}`;
}

function encode(contentType: string, content: string | Uint8Array): { encoding: string; body: string } {
  // RFC 2045 6.4: a multi-part body must not be base64.
  if (contentType.startsWith("multipart/") && typeof content === "string") return { encoding: "8bit", body: content };
  if (typeof content === "string" && isPlain(content)) return { encoding: "7bit", body: content };
  const lines =
    Buffer.from(content)
      .toString("base64")
      .match(new RegExp(`.{1,${base64Line}}`, "g")) ?? [];
  return { encoding: "base64", body: lines.map((line) => `${line}\n`).join("") };
}

/** True for what passes through any reader unchanged: ASCII without carriage returns and other controls, lines not too long. */
function isPlain(text: string): boolean {
  return /^[\t\n\x20-\x7e]*$/.test(text) && text.split("\n").every((line) => line.length <= longestLine);
}
