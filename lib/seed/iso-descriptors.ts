import { sectorSize, setBoth16, setBoth32, volumeTime } from "./iso-bytes.ts";
import { utf16BigEndian } from "./iso-names.ts";

/** What a volume descriptor says about the whole image. Sectors count from the image's start. */
export interface VolumeFacts {
  readonly volumeId: string;
  readonly sectors: number;
  readonly pathTableLength: number;
  readonly littleEndianPathTable: number;
  readonly bigEndianPathTable: number;
  /** The record of the root directory, 34 bytes. */
  readonly rootRecord: Uint8Array;
  readonly time: Date;
}

/** Joliet level 3 (UCS-2): ECMA-119 escape sequence in the supplementary descriptor. */
const jolietEscape = "%/E";
const identifierFields = {
  system: [8, 32],
  volume: [40, 32],
  set: [190, 128],
  publisher: [318, 128],
  preparer: [446, 128],
  application: [574, 128],
} as const;
const fileIdentifiers = [702, 37 * 3] as const;
const times = { created: 813, modified: 830, expires: 847, effective: 864 } as const;
const never = "0".repeat(16);

/** The descriptor that every reader needs: ECMA-119 8.4. */
export function primaryDescriptor(facts: VolumeFacts): Uint8Array {
  return descriptor(1, facts, (text, length) => Buffer.from(text.padEnd(length), "latin1"));
}

/** The descriptor of the Joliet names: ECMA-119 8.5. */
export function jolietDescriptor(facts: VolumeFacts): Uint8Array {
  const bytes = descriptor(2, facts, (text, length) => {
    const padded = utf16BigEndian(text.padEnd(Math.floor(length / 2)));
    return length % 2 === 0 ? padded : Buffer.concat([padded, Uint8Array.of(0)]);
  });
  bytes.set(Buffer.from(jolietEscape, "latin1"), 88);
  return bytes;
}

/** ECMA-119 8.3. */
export function terminator(): Uint8Array {
  return head(255);
}

function head(type: number): Uint8Array {
  const bytes = new Uint8Array(sectorSize);
  bytes[0] = type;
  bytes.set(Buffer.from("CD001", "latin1"), 1);
  bytes[6] = 1;
  return bytes;
}

function descriptor(type: number, facts: VolumeFacts, encode: (text: string, length: number) => Uint8Array): Uint8Array {
  const bytes = head(type);
  const view = new DataView(bytes.buffer);
  for (const [field, [offset, length]] of Object.entries(identifierFields))
    bytes.set(encode(field === "volume" ? facts.volumeId : "", length), offset);
  const [fileIdentifiersOffset, fileIdentifiersLength] = fileIdentifiers;
  bytes.set(encode("", fileIdentifiersLength), fileIdentifiersOffset);
  setBoth32(view, 80, facts.sectors);
  setBoth16(view, 120, 1);
  setBoth16(view, 124, 1);
  setBoth16(view, 128, sectorSize);
  setBoth32(view, 132, facts.pathTableLength);
  view.setUint32(140, facts.littleEndianPathTable, true);
  view.setUint32(148, facts.bigEndianPathTable, false);
  bytes.set(facts.rootRecord, 156);
  const time = volumeTime(facts.time);
  bytes.set(time, times.created);
  bytes.set(time, times.modified);
  bytes.set(Buffer.from(never, "latin1"), times.expires);
  bytes.set(time, times.effective);
  bytes[881] = 1;
  return bytes;
}
