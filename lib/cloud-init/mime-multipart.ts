import { createHash } from "node:crypto";

/** One part of a multi-part message: content that gets its headers here, or a message that has its own. */
export type MimePart = MimeContent | MimeMessage;

/** Content of one kind. */
interface MimeContent {
  /** As in its header, without `charset`: `text/cloud-config`, `text/x-shellscript`. */
  readonly contentType: string;
  /** Printable ASCII. cloud-init names files after it. */
  readonly filename: string;
  /** Text is sent as UTF-8. */
  readonly content: string | Uint8Array;
  /** More headers, such as `Merge-Type`, in this order. Values are printable ASCII. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A whole MIME message with headers and body, single or multi-part, which is put in as it is. */
interface MimeMessage {
  readonly message: string;
}

/** RFC 5321 4.5.3.1.6, without the line's end. */
const longestLine = 998;
const base64Line = 76;

/**
 * Writes a `multipart/mixed` message: RFC 2045 and 2046, lines end with a line feed, as cloud-init and Python's `email` read and write it. There is no date and no
 * random id, and the boundary is a hash of the parts: equal parts give equal bytes. All content reads back byte by byte.
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

function section(part: MimePart): string {
  if ("message" in part) return part.message;
  const { contentType, filename, content, headers = {} } = part;
  const { encoding, body } = encode(content);
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

function encode(content: string | Uint8Array): { encoding: string; body: string } {
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
