import { recordTime, sectorSize } from "./iso-bytes.ts";
import { jolietDescriptor, primaryDescriptor, terminator, type VolumeFacts } from "./iso-descriptors.ts";
import { jolietHierarchy, rockRidgeHierarchy, type Hierarchy } from "./iso-hierarchy.ts";
import { layOut, type Layout } from "./iso-layout.ts";
import { rootRecord, writeDirectories, writePathTables } from "./iso-records.ts";
import { isoTree, type IsoFile } from "./iso-tree.ts";

export interface IsoImageOptions {
  /** Label of the file system, 1 to 16 printable ASCII characters: `cidata`, `config-2`. */
  readonly volumeId: string;
  readonly files: readonly IsoFile[];
  /**
   * The only time in the image, 1900 to 2155, whole seconds in UTC.
   *
   * @default 2000-01-01T00:00:00Z, so that equal content gives equal bytes
   */
  readonly time?: Date;
}

const descriptorsAt = 16;
const defaultTime = new Date(Date.UTC(2000, 0, 1));

/**
 * Makes an ISO 9660 image with Rock Ridge and Joliet, in memory. A function of its arguments alone; the order of `files` does not matter.
 *
 * Sources: ECMA-119, SUSP 1.10, RRIP 1.09, the Joliet specification.
 *
 * @throws RangeError for a label, path, mode, size or time that such an image cannot hold, and for two files of one path
 * @example isoImage({ volumeId: "cidata", files: [{ path: "meta-data", content: Buffer.from("instance-id: a\n") }] })
 */
export function isoImage({ volumeId, files, time = defaultTime }: IsoImageOptions): Uint8Array {
  // Joliet has room for 16 characters; a label that readers see cut is no label to search by.
  if (!/^[\x20-\x7e]{1,16}$/.test(volumeId))
    throw new RangeError(`Expected a label of 1 to 16 ASCII characters, got ${JSON.stringify(volumeId)}`);
  const year = time.getUTCFullYear();
  if (!(year >= 1900 && year <= 2155)) throw new RangeError(`Expected a time from 1900 to 2155, got ${String(time)}`);
  const stamp = recordTime(time);
  const root = isoTree(files);
  const primary = rockRidgeHierarchy(root, stamp);
  const joliet = jolietHierarchy(root);
  const layout = layOut(descriptorsAt + 3, primary, joliet);

  const image = new Uint8Array(layout.sectors * sectorSize);
  const facts = (hierarchy: Hierarchy, [little, big]: readonly [number, number]): VolumeFacts => ({
    volumeId,
    sectors: layout.sectors,
    pathTableLength: hierarchy.pathTableLength,
    littleEndianPathTable: little,
    bigEndianPathTable: big,
    rootRecord: rootRecord(hierarchy, stamp),
    time,
  });
  image.set(primaryDescriptor(facts(primary, layout.primaryPathTables)), descriptorsAt * sectorSize);
  image.set(jolietDescriptor(facts(joliet, layout.jolietPathTables)), (descriptorsAt + 1) * sectorSize);
  image.set(terminator(), (descriptorsAt + 2) * sectorSize);
  writePathTables(image, primary, layout.primaryPathTables);
  writePathTables(image, joliet, layout.jolietPathTables);
  writeDirectories(image, primary, layout, stamp);
  writeDirectories(image, joliet, layout, stamp);
  writeContents(image, layout);
  return image;
}

function writeContents(image: Uint8Array, { fileSectors }: Layout): void {
  for (const [file, sector] of fileSectors) image.set(file.content, sector * sectorSize);
}
