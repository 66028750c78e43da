import * as fc from "fast-check";
import { expect, test } from "vitest";
import { headerLength, qcow2VirtualSize, recognizeImage } from "../../lib/images/image-format.ts";

/** A qcow2 version 3 header with what a test wants to be unusual about it. */
function qcow2({ backing = 0n, encryption = 0, incompatible = 0n, version = 3 } = {}): Buffer {
  const header = Buffer.alloc(headerLength);
  header.writeUInt32BE(0x514649fb, 0);
  header.writeUInt32BE(version, 4);
  header.writeBigUInt64BE(backing, 8);
  header.writeBigUInt64BE(5n * 1024n ** 3n, 24);
  header.writeUInt32BE(encryption, 32);
  header.writeBigUInt64BE(incompatible, 72);
  return header;
}

function filled(text: string, at = 0): Buffer {
  const header = Buffer.alloc(headerLength);
  header.write(text, at, "latin1");
  return header;
}

test("a standalone qcow2 image is recognized, with the size that a guest sees", () => {
  expect(recognizeImage(qcow2(), "a")).toEqual({ kind: "disk", format: "qcow2" });
  expect(qcow2VirtualSize(qcow2())).toBe(5 * 1024 ** 3);
});

test("in version 2 the bytes of later features mean nothing", () => {
  expect(recognizeImage(qcow2({ version: 2, incompatible: 4n }), "a")).toEqual({ kind: "disk", format: "qcow2" });
});

test.each([
  ["a backing file", qcow2({ backing: 72n }), "IMAGE_NOT_STANDALONE"],
  ["a data file", qcow2({ incompatible: 4n }), "IMAGE_NOT_STANDALONE"],
  ["LUKS encryption", qcow2({ encryption: 2 }), "IMAGE_ENCRYPTED"],
  ["an end inside its header", qcow2().subarray(0, 60), "IMAGE_NOT_A_DISK"],
])("a qcow2 image with %s is refused, with the way out", (_, header, code) => {
  expect(recognizeImage(header, "disk.qcow2")).toMatchObject({
    kind: "refused",
    diagnostic: { code, summary: expect.stringContaining("disk.qcow2"), nextStep: expect.any(String) },
  });
});

test("a raw disk with a boot sector, VMDK and VDI are recognized", () => {
  expect(recognizeImage(filled("\x55\xaa", 510), "a")).toEqual({ kind: "disk", format: "raw" });
  expect(recognizeImage(filled("KDMV\x03\0\0\0\x03\0\0\0\0\x08"), "a")).toEqual({ kind: "disk", format: "vmdk" });
  expect(recognizeImage(filled("\x7f\x10\xda\xbe", 64), "a")).toEqual({ kind: "disk", format: "vdi" });
});

test("gzip and xz are recognized by content, whatever the name", () => {
  expect(recognizeImage(filled("\x1f\x8b\x08"), "a.img")).toEqual({ kind: "compressed", compression: "gzip" });
  expect(recognizeImage(filled("\xfd7zXZ\0"), "a.img")).toEqual({ kind: "compressed", compression: "xz" });
});

test.each([
  ["a web page", filled("<!DOCTYPE html><html>"), "IMAGE_NOT_A_DISK"],
  ["an empty file", Buffer.alloc(0), "IMAGE_NOT_A_DISK"],
  ["a zip archive", filled("PK\x03\x04"), "IMAGE_NOT_A_DISK"],
  ["a VMDK descriptor", filled("# Disk DescriptorFile\nversion=1"), "IMAGE_NOT_STANDALONE"],
  ["a VMDK whose extents are elsewhere", filled("KDMV\x01"), "IMAGE_NOT_STANDALONE"],
])("%s is refused", (_, header, code) => {
  expect(recognizeImage(header, "a")).toMatchObject({ kind: "refused", diagnostic: { code } });
});

test("no bytes make the recognition throw", () => {
  const magic = fc.constantFrom("", "QFI\xfb", "KDMV", "\x1f\x8b", "# Disk");
  fc.assert(
    fc.property(magic, fc.uint8Array({ maxLength: headerLength }), (start, rest) => {
      const header = Buffer.concat([Buffer.from(start, "latin1"), rest]);
      expect(["disk", "compressed", "refused"]).toContain(recognizeImage(header, "a").kind);
    }),
  );
});
