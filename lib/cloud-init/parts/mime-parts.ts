import { kindOfContentType, kindOfUserData } from "../user-data-kind.ts";
import type { Place, UserDataPart } from "./user-data-part.ts";

interface Entity {
  readonly headers: ReadonlyMap<string, string>;
  /** From where its content goes to where. */
  readonly start: number;
  readonly end: number;
}

/** The parts of a MIME message: all that are no messages themselves, those also in messages inside it. */
export function mimeParts({ name, text, place }: UserDataPart): UserDataPart[] {
  const leaves = leavesOf(text, readEntity(text, 0, text.length), 0);
  return leaves.map((entity, index) => {
    const filename = parameterOf(entity.headers.get("content-disposition"), "filename");
    const type = /^[^;\s]+/.exec(entity.headers.get("content-type") ?? "")?.[0].toLowerCase();
    const content = decode(text.slice(entity.start, entity.end), entity.headers.get("content-transfer-encoding"));
    const known = type === undefined ? undefined : kindOfContentType(type);
    return {
      kind: known ?? kindOfUserData(content.text),
      name: `part ${index + 1}${filename === undefined ? "" : ` ("${filename}")`} of ${name}`,
      text: content.text,
      place: content.packed ? startOf(entity.start, place) : (offset, length) => place(entity.start + offset, length),
    };
  });
}

/** What was packed is shown where it begins. */
function startOf(start: number, place: Place): Place {
  return () => place(start, 1);
}

function leavesOf(text: string, entity: Entity, depth: number): Entity[] {
  const type = entity.headers.get("content-type");
  if (!type?.toLowerCase().startsWith("multipart/") || depth > 8) return [entity];
  const boundary = parameterOf(type, "boundary");
  if (boundary === undefined) return [];
  return entitiesBetween(text, entity, boundary).flatMap((inner) => leavesOf(text, inner, depth + 1));
}

function entitiesBetween(text: string, { start, end }: Entity, boundary: string): Entity[] {
  const line = new RegExp(`^--${escapeForRegExp(boundary)}(--)?[ \\t]*\\r?(?:\\n|$)`, "gm");
  line.lastIndex = start;
  const entities: Entity[] = [];
  let from: number | undefined;
  for (let match = line.exec(text); match !== null && match.index < end; match = line.exec(text)) {
    // The line break before a boundary belongs to the boundary.
    if (from !== undefined)
      entities.push(readEntity(text, from, Math.max(from, text[match.index - 2] === "\r" ? match.index - 2 : match.index - 1)));
    if (match[1] !== undefined) return entities;
    from = match.index + match[0].length;
  }
  if (from !== undefined) entities.push(readEntity(text, from, end));
  return entities;
}

function escapeForRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

/** Headers up to the first empty line; a line that starts with a space goes on with the one before. */
function readEntity(text: string, start: number, end: number): Entity {
  const headers = new Map<string, string>();
  let at = start;
  let last: string | undefined;
  while (at < end) {
    const next = text.indexOf("\n", at);
    const after = next === -1 || next >= end ? end : next + 1;
    const line = text.slice(at, after).replace(/\r?\n$/, "");
    const header = /^([!-9;-~]+):[ \t]*(.*)$/.exec(line);
    if (line === "") return { headers, start: after, end };
    if (/^[ \t]/.test(line) && last !== undefined) headers.set(last, `${headers.get(last)} ${line.trim()}`);
    else if (header) headers.set((last = (header[1] ?? "").toLowerCase()), header[2] ?? "");
    else if (!line.startsWith("From ")) return { headers, start: at, end };
    at = after;
  }
  return { headers, start: end, end };
}

function parameterOf(header: string | undefined, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, "i").exec(header ?? "");
  return match?.[1] ?? match?.[2];
}

function decode(content: string, encoding = "7bit"): { text: string; packed: boolean } {
  switch (encoding.trim().toLowerCase()) {
    case "base64":
      return { text: Buffer.from(content, "base64").toString("utf8"), packed: true };
    case "quoted-printable": {
      const bytes = content
        .replaceAll(/[ \t]*=\r?\n/g, "")
        .replaceAll(/=([0-9A-F]{2})/gi, (_match, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)));
      return { text: Buffer.from(bytes, "latin1").toString("utf8"), packed: true };
    }
    default:
      return { text: content, packed: false };
  }
}
