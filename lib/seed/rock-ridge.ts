import { setBoth32 } from "./iso-bytes.ts";
import type { IsoNode } from "./iso-tree.ts";

/**
 * The system use field of one directory record: what fits into the record, and what is continued elsewhere. If there is a
 * continuation, `inline` ends with the entry that points to it, which `pointTo` fills once the place is known.
 */
export interface SystemUse {
  readonly inline: Uint8Array;
  readonly continuation?: Uint8Array;
}

const directoryType = 0o040000;
const fileType = 0o100000;
const directoryMode = 0o555;
const continuationEntryLength = 28;
/** A name entry has five bytes of its own and a one-byte length. */
const nameChunk = 250;

/** SUSP's "Rock Ridge is used here": the words that RRIP 1.09 prescribes. */
const extensionReference = (() => {
  const id = "RRIP_1991A";
  const description = "THE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS";
  const source =
    "PLEASE CONTACT DISC PUBLISHER FOR SPECIFICATION SOURCE.  SEE PUBLISHER IDENTIFIER IN PRIMARY VOLUME DESCRIPTOR FOR CONTACT INFORMATION.";
  const lengths = [id.length, description.length, source.length, 1];
  return entry("ER", Buffer.concat([Uint8Array.from(lengths), Buffer.from(id + description + source, "latin1")]));
})();

const sharingProtocol = entry("SP", Uint8Array.of(0xbe, 0xef, 0));

/** For the `.` and `..` records. The `.` of the root announces Rock Ridge. */
export function selfSystemUse(node: IsoNode, time: Uint8Array, isRootSelf: boolean): SystemUse {
  const attributes = [posixAttributes(node), timeStamps(time)];
  if (!isRootSelf) return { inline: Buffer.concat(attributes) };
  return {
    inline: Buffer.concat([sharingProtocol, ...attributes, continuationEntry(extensionReference.length)]),
    continuation: extensionReference,
  };
}

/** For a named record, which has `room` bytes for it. */
export function namedSystemUse(node: IsoNode, time: Uint8Array, room: number): SystemUse {
  const attributes = [posixAttributes(node), timeStamps(time)];
  const names = nameEntries(Buffer.from(node.name, "utf8"));
  const whole = Buffer.concat([...attributes, ...names]);
  if (whole.length <= room) return { inline: whole };
  const continuation = Buffer.concat(names);
  return { inline: Buffer.concat([...attributes, continuationEntry(continuation.length)]), continuation };
}

/** Writes where a continuation lies into the entry at the end of a system use field. */
export function pointTo(view: DataView, endOfInline: number, sector: number, offset: number): void {
  const start = endOfInline - continuationEntryLength;
  setBoth32(view, start + 4, sector);
  setBoth32(view, start + 12, offset);
}

function posixAttributes(node: IsoNode): Uint8Array {
  const data = new Uint8Array(32);
  const view = new DataView(data.buffer);
  setBoth32(view, 0, node.kind === "directory" ? directoryType | directoryMode : fileType | node.mode);
  setBoth32(view, 8, links(node));
  return entry("PX", data);
}

function links(node: IsoNode): number {
  if (node.kind === "file") return 1;
  let count = 2;
  for (const child of node.entries.values()) if (child.kind === "directory") count++;
  return count;
}

/** Modified, read and changed at the same time. */
function timeStamps(time: Uint8Array): Uint8Array {
  return entry("TF", Buffer.concat([Uint8Array.of(0x0e), time, time, time]));
}

function nameEntries(name: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let start = 0; start < name.length; start += nameChunk) {
    const continues = start + nameChunk < name.length ? 1 : 0;
    entries.push(entry("NM", Buffer.concat([Uint8Array.of(continues), name.subarray(start, start + nameChunk)])));
  }
  return entries;
}

function continuationEntry(length: number): Uint8Array {
  const data = new Uint8Array(24);
  setBoth32(new DataView(data.buffer), 16, length);
  return entry("CE", data);
}

function entry(signature: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + data.length);
  bytes[0] = signature.charCodeAt(0);
  bytes[1] = signature.charCodeAt(1);
  bytes[2] = bytes.length;
  bytes[3] = 1;
  bytes.set(data, 4);
  return bytes;
}
