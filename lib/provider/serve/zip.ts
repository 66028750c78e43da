import { crc32, deflateRawSync } from "node:zlib";

/** The first day that a zip can name: an archive of the same file is always the same. */
const date = (0 << 9) | (1 << 5) | 1;

/**
 * A zip archive with one executable file, mode 0755: what Terraform unpacks from a mirror of packed providers. Without the mode it
 * could not start it.
 */
export function zipExecutable(name: string, content: Uint8Array): Buffer {
  const packed = deflateRawSync(content, { level: 9 });
  const nameBytes = Buffer.from(name, "utf8");
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0); // version needed: 2.0
  common.writeUInt16LE(0x0800, 2); // the name is UTF-8
  common.writeUInt16LE(8, 4); // deflate
  common.writeUInt16LE(0, 6); // midnight
  common.writeUInt16LE(date, 8);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(nameBytes.length, 22);
  const local = Buffer.concat([signature(0x04034b50), common, nameBytes, packed]);

  const attributes = Buffer.alloc(14); // no comment, first disk, offset 0
  attributes.writeUInt32LE((0o100755 << 16) >>> 0, 6);
  const madeBy = Buffer.of(20, 3); // Unix, whose modes are in the upper half of the attributes
  const central = Buffer.concat([signature(0x02014b50), madeBy, common, attributes, nameBytes]);

  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, signature(0x06054b50), end]);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
