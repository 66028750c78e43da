import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isoImage } from "../../lib/seed/iso-image.ts";
import { readIso } from "./read-iso.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const file = (path: string, content = path) => ({ path, content: bytes(content) });

const name = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
    fc.constantFrom("user-data", "meta-data", "META-DATA", "a.b.c", ".hidden", "long".repeat(60)),
  )
  .filter((text) => !/[/\0\p{Surrogate}]/u.test(text) && text !== "." && text !== ".." && Buffer.byteLength(text) <= 255);
const content = fc.oneof(
  fc.uint8Array({ maxLength: 100 }),
  fc.constantFrom(2047, 2048, 2049, 10_000).map((size) => new Uint8Array(size).fill(7)),
);
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
/** Files whose paths are unique, and none of which is another's directory. */
const files = fc
  .uniqueArray(fc.record({ path, content, mode: fc.integer({ min: 0, max: 0o7777 }) }), { selector: (entry) => entry.path, maxLength: 60 })
  .map((list) => list.filter((entry) => !list.some((other) => other.path.startsWith(`${entry.path}/`))));

test("a Rock Ridge reader finds every path, mode and byte that went in", () => {
  fc.assert(
    fc.property(files, (list) => {
      const found = readIso(isoImage({ volumeId: "cidata", files: list }), "rockRidge");
      expect(found.size).toBe(list.length);
      for (const entry of list)
        expect(found.get(entry.path)).toEqual({ content: Uint8Array.from(entry.content), mode: 0o100000 | entry.mode });
    }),
    { numRuns: 150 },
  );
});

test("a Joliet reader finds as many files, under names of at most 64 units", () => {
  fc.assert(
    fc.property(files, (list) => {
      const found = readIso(isoImage({ volumeId: "cidata", files: list }), "joliet");
      expect(found.size).toBe(list.length);
      for (const key of found.keys()) for (const part of key.split("/")) expect(part.length).toBeLessThanOrEqual(64);
      expect(sizesOf(found.values())).toEqual(sizesOf(list));
    }),
    { numRuns: 100 },
  );
});

test("Joliet keeps names that it can hold as they are", () => {
  const list = ["user-data", "openstack/latest/meta_data.json", "größe €.txt"].map((path) => file(path));
  expect([...readIso(isoImage({ volumeId: "x", files: list }), "joliet").keys()].sort()).toEqual(list.map((entry) => entry.path).sort());
});

test("equal files give equal bytes, in whatever order they are listed", () => {
  const list = Array.from({ length: 30 }, (_, index) => file(`directory-${index % 3}/network-config-${index}`));
  const image = isoImage({ volumeId: "cidata", files: list });
  expect(isoImage({ volumeId: "cidata", files: list.toReversed() })).toEqual(image);
});

test("a thousand names that all shorten to the same eight characters are kept apart", () => {
  const list = Array.from({ length: 1000 }, (_, index) => file(`network-config-${index}`));
  expect(readIso(isoImage({ volumeId: "cidata", files: list }), "rockRidge").size).toBe(1000);
});

test("an image without files is an empty file system", () => {
  const image = isoImage({ volumeId: "cidata", files: [] });
  expect(readIso(image, "rockRidge").size).toBe(0);
  expect(image.length % 2048).toBe(0);
});

test("the only time in the image is the one asked for", () => {
  const files = [file("user-data")];
  const default2000 = isoImage({ volumeId: "cidata", files });
  expect(isoImage({ volumeId: "cidata", files, time: new Date("2000-01-01T00:00:00Z") })).toEqual(default2000);
  expect(isoImage({ volumeId: "cidata", files, time: new Date("2024-02-29T12:34:56Z") })).not.toEqual(default2000);
});

test.each([
  ["an empty part", [file("a//b")], /relative path/],
  ["an absolute path", [file("/user-data")], /relative path/],
  ["a way up", [file("../user-data")], /relative path/],
  ["the same path twice", [file("a"), file("a")], /got a twice/],
  ["a file that is also a directory", [file("a"), file("a/b")], /also a file/],
  ["a directory that is also a file", [file("a-/b"), file("a-")], /a-/],
  ["a NUL in a name", [file("a\0b")], /without NUL/],
  ["half a surrogate pair", [file("a\ud800")], /lone surrogates/],
  ["a name of 256 bytes", [file("ä".repeat(128))], /at most 255 bytes/],
  ["nine levels", [file("1/2/3/4/5/6/7/8/file")], /at most 7 directories/],
  ["a mode that is none", [{ ...file("a"), mode: 0o10000 }], /0o7777/],
])("%s is refused", (_what, files, message) => {
  expect(() => isoImage({ volumeId: "cidata", files })).toThrow(message);
});

test.each(["", "a label of 17 chr", "ä"])("the label %j is refused", (volumeId) => {
  expect(() => isoImage({ volumeId, files: [] })).toThrow(/1 to 16 ASCII characters/);
});

test("a time that the format cannot write is refused", () => {
  expect(() => isoImage({ volumeId: "cidata", files: [], time: new Date("1899-12-31T00:00:00Z") })).toThrow(/1900 to 2155/);
  expect(() => isoImage({ volumeId: "cidata", files: [], time: new Date(Number.NaN) })).toThrow(/1900 to 2155/);
});

function sizesOf(files: Iterable<{ readonly content: Uint8Array }>): number[] {
  return Array.from(files, ({ content }) => content.length).sort((a, b) => a - b);
}
