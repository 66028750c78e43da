import { sectorSize, setBoth16, setBoth32 } from "./iso-bytes.ts";
import { recordBase, type DirectoryPlan, type Hierarchy } from "./iso-hierarchy.ts";
import type { Layout } from "./iso-layout.ts";
import type { FileNode } from "./iso-tree.ts";
import { pointTo } from "./rock-ridge.ts";

const directoryFlag = 2;

interface Extent {
  readonly sector: number;
  readonly length: number;
  readonly isDirectory: boolean;
}

/** The root's record, as the volume descriptor repeats it: 34 bytes, no system use. */
export function rootRecord({ directories: [root] }: Hierarchy, stamp: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(34);
  if (root) writeRecord(bytes, 0, bytes.length, root.identifier, { sector: root.sector, length: root.length, isDirectory: true }, stamp);
  return bytes;
}

/** Writes both byte orders of a path table: ECMA-119 9.4. */
export function writePathTables(image: Uint8Array, { directories }: Hierarchy, sectors: readonly [number, number]): void {
  const view = new DataView(image.buffer);
  for (const [index, sector] of sectors.entries()) {
    const littleEndian = index === 0;
    let offset = sector * sectorSize;
    for (const { identifier, sector: extent, parent } of directories) {
      view.setUint8(offset, identifier.length);
      view.setUint32(offset + 2, extent, littleEndian);
      view.setUint16(offset + 6, parent.number, littleEndian);
      image.set(identifier, offset + 8);
      offset += 8 + identifier.length + (identifier.length % 2);
    }
  }
}

/** Writes the records of all directories and what continues them. */
export function writeDirectories(image: Uint8Array, { directories }: Hierarchy, layout: Layout, stamp: Uint8Array): void {
  const view = new DataView(image.buffer);
  for (const directory of directories) {
    for (const { identifier, target, systemUse, offset, length } of directory.records) {
      const start = directory.sector * sectorSize + offset;
      writeRecord(image, start, length, identifier, extentOf(target, layout), stamp);
      const systemUseStart = start + recordBase(identifier);
      image.set(systemUse.inline, systemUseStart);
      const place = layout.continuations.get(systemUse);
      if (!place || !systemUse.continuation) continue;
      pointTo(view, systemUseStart + systemUse.inline.length, place.sector, place.offset);
      image.set(systemUse.continuation, place.sector * sectorSize + place.offset);
    }
  }
}

function extentOf(target: DirectoryPlan | FileNode, { fileSectors }: Layout): Extent {
  if ("node" in target) return { sector: target.sector, length: target.length, isDirectory: true };
  // An empty file has no extent; readers do not look where it would be.
  const sector = target.content.length === 0 ? 0 : (fileSectors.get(target) ?? 0);
  return { sector, length: target.content.length, isDirectory: false };
}

/** ECMA-119 9.1. */
function writeRecord(bytes: Uint8Array, start: number, length: number, identifier: Uint8Array, extent: Extent, stamp: Uint8Array): void {
  const view = new DataView(bytes.buffer);
  view.setUint8(start, length);
  setBoth32(view, start + 2, extent.sector);
  setBoth32(view, start + 10, extent.length);
  bytes.set(stamp, start + 18);
  view.setUint8(start + 25, extent.isDirectory ? directoryFlag : 0);
  setBoth16(view, start + 28, 1);
  view.setUint8(start + 32, identifier.length);
  bytes.set(identifier, start + 33);
}
