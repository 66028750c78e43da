/** A small reader of ISO 9660, written from the standard and apart from the writer: the tests' second opinion. */
export interface ReadEntry {
  readonly content: Uint8Array;
  readonly mode?: number;
}

const sector = 2048;

/** All files of the primary hierarchy by their Rock Ridge path, or of the Joliet hierarchy by theirs. */
export function readIso(image: Uint8Array, hierarchy: "rockRidge" | "joliet"): Map<string, ReadEntry> {
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.length);
  const descriptor = bytes.subarray((hierarchy === "joliet" ? 17 : 16) * sector);
  const found = new Map<string, ReadEntry>();
  const walk = (extent: number, length: number, prefix: string): void => {
    for (const record of records(bytes.subarray(extent * sector, extent * sector + length))) {
      const identifier = record.subarray(33, 33 + record.readUInt8(32));
      if (identifier.length === 1 && identifier[0]! < 2) continue;
      const start = record.readUInt32LE(2);
      const size = record.readUInt32LE(10);
      if (record.readUInt32BE(6) !== start || record.readUInt32BE(14) !== size) throw new Error("byte orders differ");
      const isDirectory = (record.readUInt8(25) & 2) !== 0;
      const use = hierarchy === "joliet" ? undefined : rockRidge(bytes, record);
      const name = use?.name ?? Buffer.from(identifier).swap16().toString("utf16le").replace(/;1$/, "");
      if (isDirectory) walk(start, size, `${prefix}${name}/`);
      else found.set(prefix + name, { content: Uint8Array.from(bytes.subarray(start * sector, start * sector + size)), mode: use?.mode });
    }
  };
  walk(descriptor.readUInt32LE(158), descriptor.readUInt32LE(166), "");
  return found;
}

function* records(directory: Buffer): Generator<Buffer> {
  let offset = 0;
  while (offset < directory.length) {
    const length = directory.readUInt8(offset);
    if (length === 0) {
      offset = (Math.floor(offset / sector) + 1) * sector;
      continue;
    }
    if (Math.floor(offset / sector) !== Math.floor((offset + length - 1) / sector)) throw new Error("a record crosses a sector");
    yield directory.subarray(offset, offset + length);
    offset += length;
  }
}

function rockRidge(image: Buffer, record: Buffer): { name: string; mode: number } {
  const identifierLength = record.readUInt8(32);
  let area = record.subarray(33 + identifierLength + ((identifierLength + 1) % 2));
  const name: Buffer[] = [];
  let mode = 0;
  for (;;) {
    let next: Buffer | undefined;
    while (area.length >= 4) {
      const signature = area.toString("latin1", 0, 2);
      const length = area.readUInt8(2);
      if (signature === "NM") name.push(area.subarray(5, length));
      if (signature === "PX") mode = area.readUInt32LE(4);
      if (signature === "CE") {
        const start = area.readUInt32LE(4) * sector + area.readUInt32LE(12);
        next = image.subarray(start, start + area.readUInt32LE(20));
      }
      area = area.subarray(length);
    }
    if (!next) return { name: Buffer.concat(name).toString("utf8"), mode };
    area = next;
  }
}
