import { open } from "node:fs/promises";

/** What a qcow2 file says of itself in its header (docs/interop/qcow2.rst of QEMU): all numbers big-endian. */
export interface Qcow2Header {
  /** What a guest would see, in bytes. */
  readonly sizeBytes: number;
  readonly backingFile?: string;
}

/** Reads the header, also while a guest writes to the file: it does not change. Undefined for a file that is not there, or of another format. */
export async function readQcow2Header(path: string): Promise<Qcow2Header | undefined> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!file) return undefined;
  try {
    const { buffer: header, bytesRead } = await file.read(Buffer.alloc(72), 0, 72, 0);
    if (bytesRead < 72 || header.readUInt32BE(0) !== 0x514649fb) return undefined;
    const [offset, length] = [Number(header.readBigUInt64BE(8)), header.readUInt32BE(16)];
    const sizeBytes = Number(header.readBigUInt64BE(24));
    // The format allows 1023 bytes.
    if (offset === 0 || length > 1023) return { sizeBytes };
    const { buffer: name } = await file.read(Buffer.alloc(length), 0, length, offset);
    return { sizeBytes, backingFile: name.toString("utf8") };
  } finally {
    await file.close();
  }
}
