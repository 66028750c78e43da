/** Size of every block of an image, in bytes. */
export const sectorSize = 2048;

/** Number of sectors that hold this many bytes. */
export function sectorsFor(bytes: number): number {
  return Math.ceil(bytes / sectorSize);
}

/** Writes a 32-bit number in both byte orders, eight bytes in all: ECMA-119 7.3.3. */
export function setBoth32(view: DataView, offset: number, value: number): void {
  view.setUint32(offset, value, true);
  view.setUint32(offset + 4, value, false);
}

/** Writes a 16-bit number in both byte orders, four bytes in all: ECMA-119 7.2.3. */
export function setBoth16(view: DataView, offset: number, value: number): void {
  view.setUint16(offset, value, true);
  view.setUint16(offset + 2, value, false);
}

/** Seven bytes, in UTC: ECMA-119 9.1.5. */
export function recordTime(time: Date): Uint8Array {
  return Uint8Array.of(
    time.getUTCFullYear() - 1900,
    time.getUTCMonth() + 1,
    time.getUTCDate(),
    time.getUTCHours(),
    time.getUTCMinutes(),
    time.getUTCSeconds(),
    0,
  );
}

/** Seventeen bytes, in UTC: ECMA-119 8.4.26.1. */
export function volumeTime(time: Date): Uint8Array {
  const digits = time.toISOString().replaceAll(/\D/g, "").slice(0, 16);
  return Buffer.from(`${digits}\0`, "latin1");
}
