import { sectorSize, sectorsFor } from "./iso-bytes.ts";
import type { Hierarchy } from "./iso-hierarchy.ts";
import type { FileNode } from "./iso-tree.ts";
import type { SystemUse } from "./rock-ridge.ts";

/** Where everything lies, in sectors from the image's start. */
export interface Layout {
  /** Little-endian and big-endian path table. */
  readonly primaryPathTables: readonly [number, number];
  readonly jolietPathTables: readonly [number, number];
  /** Where a system use field that does not fit into its record goes on. */
  readonly continuations: ReadonlyMap<SystemUse, { readonly sector: number; readonly offset: number }>;
  readonly fileSectors: ReadonlyMap<FileNode, number>;
  /** The image's size. */
  readonly sectors: number;
}

/** libburn (xorriso) takes a smaller image for an empty medium. */
const fewestSectors = 64;

/** Gives everything after the volume descriptors its place, and sets the sector of every directory. */
export function layOut(firstSector: number, primary: Hierarchy, joliet: Hierarchy): Layout {
  let next = firstSector;
  const take = (bytes: number): number => {
    const start = next;
    next += sectorsFor(bytes);
    return start;
  };
  const pathTables = ({ pathTableLength }: Hierarchy) => [take(pathTableLength), take(pathTableLength)] as const;
  const primaryPathTables = pathTables(primary);
  const jolietPathTables = pathTables(joliet);
  for (const directory of primary.directories) directory.sector = take(directory.length);
  for (const directory of joliet.directories) directory.sector = take(directory.length);

  const places = new Map<SystemUse, { sector: number; offset: number }>();
  let offset = sectorSize;
  for (const { systemUse } of records(primary)) {
    if (!systemUse.continuation) continue;
    // A continuation area must not cross the end of a sector.
    if (offset + systemUse.continuation.length > sectorSize) {
      take(sectorSize);
      offset = 0;
    }
    places.set(systemUse, { sector: next - 1, offset });
    offset += systemUse.continuation.length;
  }

  const fileSectors = new Map<FileNode, number>();
  for (const { target } of records(primary)) if (!("node" in target)) fileSectors.set(target, take(target.content.length));
  return { primaryPathTables, jolietPathTables, continuations: places, fileSectors, sectors: Math.max(next, fewestSectors) };
}

function* records({ directories }: Hierarchy) {
  for (const directory of directories) yield* directory.records;
}
