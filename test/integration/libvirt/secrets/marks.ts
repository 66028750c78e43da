import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";

/** Every secret starts with one of these words and ends with the other, so that a part of it is found, too. Nobody else writes them. */
const words = ["Zq7Xw9Kp3Vn5", "Rt4Yb8Ms2Gj6"] as const;
/** Around what the lab's author has written without a reference. */
const literalWords = ["Hn5Lf3Wd7Cx9", "Jk8Tz2Qs6Vb4"] as const;

/** A secret that stands at `place`. `wild` has what programs quote, escape and encode. */
export function secretOf(place: string, { wild = false } = {}): string {
  return wild ? `${words[0]}/+&"'<%é ${place} \\${words[1]}` : `${words[0]}-${place}-${words[1]}`;
}

/** A text of the lab's author: it may be in copies of the lab, and nowhere in what is Terraform's or printed. */
export function literalOf(place: string): string {
  return `${literalWords[0]}-${place}-${literalWords[1]}`;
}

/** A word in all its forms: as it is, hexadecimal, base64 at each of its three alignments, UTF-16. URL-encoding and escapes leave letters and digits. */
function formsOf(word: string): Buffer[] {
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.from(`${" ".repeat(before)}${word}`).toString("base64");
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + word.length) * 8) / 6));
  });
  const hexadecimal = Buffer.from(word).toString("hex");
  return [word, hexadecimal, hexadecimal.toUpperCase(), ...base64].map((form) => Buffer.from(form)).concat(Buffer.from(word, "utf16le"));
}

const secretForms = words.flatMap(formsOf);
const literalForms = literalWords.flatMap(formsOf);

/** What of marked text is in `bytes`, also split over lines, with what surrounds it. */
export function marksIn(bytes: Uint8Array, { literals = true } = {}): string[] {
  const forms = literals ? [...secretForms, ...literalForms] : secretForms;
  const plain = Buffer.from(bytes);
  // Line ends, indentation, quotes and signs of continuation go: as they are, and as JSON escapes them.
  const joined = Buffer.from(plain.toString("latin1").replaceAll(/\\[nrt]|[\s"'+\\|]/g, ""), "latin1");
  return [plain, joined].flatMap((text) =>
    forms.flatMap((form) => {
      const at = text.indexOf(form);
      return at === -1 ? [] : [text.subarray(Math.max(0, at - 120), at + 60).toString("utf8")];
    }),
  );
}

/** Every file below a folder, with what packs inside it unpacked: saved plans are zip archives, in ours as base64. */
export async function* filesBelow(folder: string): AsyncGenerator<{ path: string; mode: number; bytes: Buffer }> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile()) continue;
    const [{ mode }, bytes] = await Promise.all([stat(path), readFile(path)]);
    yield { path, mode: mode & 0o777, bytes: Buffer.concat([bytes, ...unpacked(bytes)]) };
  }
}

function unpacked(bytes: Buffer): Buffer[] {
  if (bytes.subarray(0, 4).equals(Buffer.from("PK\u0003\u0004"))) return zipMembers(bytes);
  const plan = /"plan":"(UEsDB[A-Za-z0-9+/=]+)"/.exec(bytes.subarray(0, 2 ** 24).toString("latin1"))?.[1];
  return plan === undefined ? [] : zipMembers(Buffer.from(plan, "base64"));
}

/** Go writes sizes after the members; so the central directory is read. */
function zipMembers(zip: Buffer): Buffer[] {
  const end = zip.lastIndexOf(Buffer.from("PK\u0005\u0006"));
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    const [method, size, name, extra, comment, local] = [
      zip.readUInt16LE(at + 10),
      zip.readUInt32LE(at + 20),
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
      zip.readUInt32LE(at + 42),
    ];
    at += 46 + name + extra + comment;
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(start, start + size);
    return method === 8 ? inflateRawSync(content) : content;
  });
}
