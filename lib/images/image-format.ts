import type { Diagnostic } from "../diagnostics/diagnostic.ts";

export type DiskFormat = "qcow2" | "vmdk" | "vdi" | "raw";
export type Compression = "gzip" | "xz";

/** How much of a file's start `recognizeImage` wants to see. */
export const headerLength = 1024;

/**
 * What a file is, told from its first bytes and never from its name: a raw disk may hold any text, also a header that points at other files,
 * so the format is decided once and given to qemu-img explicitly.
 */
export type RecognizedImage =
  | { readonly kind: "disk"; readonly format: DiskFormat }
  | { readonly kind: "compressed"; readonly compression: Compression }
  | { readonly kind: "refused"; readonly diagnostic: Diagnostic };

/**
 * Recognizes an image and refuses what is no standalone, readable disk: qcow2 with a backing file or a data file, encrypted qcow2,
 * VMDK descriptors that name other files, archives, and files that are no disk at all. Pure; never throws.
 *
 * @param header the file's first `headerLength` bytes, fewer if it is shorter
 * @param file how to name it in messages
 */
export function recognizeImage(header: Uint8Array, file: string): RecognizedImage {
  const bytes = Buffer.from(header.buffer, header.byteOffset, header.byteLength);
  const starts = (...expected: number[]): boolean => expected.every((byte, index) => bytes[index] === byte);

  if (starts(0x1f, 0x8b)) return { kind: "compressed", compression: "gzip" };
  if (starts(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00)) return { kind: "compressed", compression: "xz" };
  for (const [name, magic] of archives) {
    if (starts(...magic))
      return refuse("IMAGE_NOT_A_DISK", `${file} is a ${name} file, not a disk image`, "Unpack it and use the disk inside.");
  }
  if (starts(0x51, 0x46, 0x49, 0xfb)) return recognizeQcow2(bytes, file);
  const isVmdk = bytes.length >= 20 && bytes.toString("latin1", 0, 4) === "KDMV";
  // A capacity of 0 turns a sparse VMDK into a mere descriptor, whose extents may be any file of this machine.
  if (isVmdk && bytes.readBigUInt64LE(12) !== 0n) return { kind: "disk", format: "vmdk" };
  if (isVmdk || bytes.toString("latin1", 0, 21) === "# Disk DescriptorFile") {
    return refuse(
      "IMAGE_NOT_STANDALONE",
      `${file} is a VMDK descriptor: the disk is in other files`,
      `qemu-img convert -O qcow2 ${file} disk.qcow2, and use that.`,
    );
  }
  if (bytes.length >= 68 && bytes.readUInt32LE(64) === 0xbeda107f) return { kind: "disk", format: "vdi" };
  // Anything at all can be a raw disk, also a web server's error page. One that boots has the boot sector's signature.
  if (bytes.length >= 512 && bytes.readUInt16LE(510) === 0xaa55) return { kind: "disk", format: "raw" };
  return refuse(
    "IMAGE_NOT_A_DISK",
    `${file} is no qcow2, VMDK or VDI image, and no bootable raw disk either`,
    "Look at it with: qemu-img info FILE, file FILE. A web page saved under an image's name is the usual cause.",
  );
}

const archives: readonly [name: string, magic: readonly number[]][] = [
  ["zip", [0x50, 0x4b, 0x03, 0x04]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["7-Zip", [0x37, 0x7a, 0xbc, 0xaf]],
];

/** Byte offsets of the qcow2 header: docs/interop/qcow2.txt of QEMU. */
function recognizeQcow2(bytes: Buffer, file: string): RecognizedImage {
  if (bytes.length < 72) return refuse("IMAGE_NOT_A_DISK", `${file} ends inside its qcow2 header`, "Copy or download it again.");
  const version = bytes.readUInt32BE(4);
  const hasBackingFile = bytes.readBigUInt64BE(8) !== 0n;
  const encryption = bytes.readUInt32BE(32);
  const incompatible = version >= 3 && bytes.length >= 80 ? bytes.readBigUInt64BE(72) : 0n;
  const flatten = `Make it one file: qemu-img convert -O qcow2 ${file} standalone.qcow2, and use that.`;
  if (hasBackingFile) return refuse("IMAGE_NOT_STANDALONE", `${file} has a backing file: it is only a part of a disk`, flatten);
  if ((incompatible & 4n) !== 0n) return refuse("IMAGE_NOT_STANDALONE", `${file} keeps its content in a separate data file`, flatten);
  if (encryption !== 0) {
    return refuse(
      "IMAGE_ENCRYPTED",
      `${file} is encrypted; sandboxes start without asking for a passphrase`,
      "Use a decrypted copy: qemu-img convert.",
    );
  }
  return { kind: "disk", format: "qcow2" };
}

/** The size that a guest sees, from the header of a qcow2 image; undefined if it is none. */
export function qcow2VirtualSize(header: Uint8Array): number | undefined {
  const bytes = Buffer.from(header.buffer, header.byteOffset, header.byteLength);
  if (bytes.length < 72 || bytes.readUInt32BE(0) !== 0x514649fb) return undefined;
  return Number(bytes.readBigUInt64BE(24));
}

function refuse(code: Diagnostic["code"], summary: string, nextStep: string): RecognizedImage {
  return { kind: "refused", diagnostic: { code, severity: "error", summary, nextStep } };
}
