import { sectorSize, sectorsFor } from "./iso-bytes.ts";
import { jolietNames, plainNames, type Naming } from "./iso-names.ts";
import type { DirectoryNode, FileNode, IsoNode } from "./iso-tree.ts";
import { namedSystemUse, selfSystemUse, type SystemUse } from "./rock-ridge.ts";

/** One record of a directory, before anything has a place. */
interface RecordPlan {
  readonly identifier: Uint8Array;
  readonly target: DirectoryPlan | FileNode;
  readonly systemUse: SystemUse;
  /** Where the record starts, from the start of its directory. */
  readonly offset: number;
  readonly length: number;
}

/** One directory of a hierarchy. */
export interface DirectoryPlan {
  readonly node: DirectoryNode;
  readonly identifier: Uint8Array;
  /** Number in the path table, from 1. */
  readonly number: number;
  readonly parent: DirectoryPlan;
  records: RecordPlan[];
  /** Whole sectors, in bytes. */
  length: number;
  /** Set by the layout. */
  sector: number;
}

/** The directories under one volume descriptor, in the order of its path table: by level, parent, name. */
export interface Hierarchy {
  readonly directories: DirectoryPlan[];
  /** In bytes. */
  readonly pathTableLength: number;
}

const recordHead = 33;
const longestRecord = 254;
/** Directories are numbered with 16 bits. */
const mostDirectories = 0xffff;
const nothing: SystemUse = { inline: new Uint8Array(0) };
const selfIdentifier = Uint8Array.of(0);
const parentIdentifier = Uint8Array.of(1);

/** Length of a record without its system use field, which starts at an even place. */
export function recordBase(identifier: Uint8Array): number {
  return evenly(recordHead + identifier.length);
}

/** The hierarchy with plain names and Rock Ridge. */
export function rockRidgeHierarchy(root: DirectoryNode, time: Uint8Array): Hierarchy {
  return hierarchy(root, plainNames, {
    self: (node, isRootSelf) => selfSystemUse(node, time, isRootSelf),
    named: (node, room) => namedSystemUse(node, time, room),
  });
}

/** The hierarchy with Joliet names. */
export function jolietHierarchy(root: DirectoryNode): Hierarchy {
  return hierarchy(root, jolietNames, { self: () => nothing, named: () => nothing });
}

interface SystemUses {
  self(node: IsoNode, isRootSelf: boolean): SystemUse;
  named(node: IsoNode, room: number): SystemUse;
}

function hierarchy(rootNode: DirectoryNode, naming: Naming, systemUses: SystemUses): Hierarchy {
  const directories = [rootPlan(rootNode)];
  // The list grows while it is walked: children come after all directories of their parent's level.
  for (const directory of directories) {
    const records = new RecordList();
    records.add(selfIdentifier, directory, systemUses.self(directory.node, directory.number === 1));
    records.add(parentIdentifier, directory.parent, systemUses.self(directory.parent.node, false));
    for (const { node, identifier } of naming(directory.node.entries.values())) {
      const use = systemUses.named(node, longestRecord - recordBase(identifier));
      records.add(identifier, node.kind === "file" ? node : child(directories, directory, node, identifier), use);
    }
    directory.records = records.plans;
    directory.length = sectorsFor(records.end) * sectorSize;
  }
  if (directories.length > mostDirectories)
    throw new RangeError(`Expected at most ${mostDirectories} directories, got ${directories.length}`);
  const pathTableLength = directories.reduce((sum, { identifier }) => sum + 8 + evenly(identifier.length), 0);
  return { directories, pathTableLength };
}

function rootPlan(node: DirectoryNode): DirectoryPlan {
  const plan: DirectoryPlan = {
    node,
    identifier: selfIdentifier,
    number: 1,
    // The root is its own parent.
    get parent() {
      return plan;
    },
    records: [],
    length: 0,
    sector: 0,
  };
  return plan;
}

function child(directories: DirectoryPlan[], parent: DirectoryPlan, node: DirectoryNode, identifier: Uint8Array): DirectoryPlan {
  const plan: DirectoryPlan = { node, identifier, number: directories.length + 1, parent, records: [], length: 0, sector: 0 };
  directories.push(plan);
  return plan;
}

/** Records one after the other, none across the end of a sector: ECMA-119 6.8.1.1. */
class RecordList {
  readonly plans: RecordPlan[] = [];
  end = 0;

  add(identifier: Uint8Array, target: DirectoryPlan | FileNode, systemUse: SystemUse): void {
    const length = evenly(recordBase(identifier) + systemUse.inline.length);
    const left = sectorSize - (this.end % sectorSize);
    const offset = length > left ? this.end + left : this.end;
    this.plans.push({ identifier, target, systemUse, offset, length });
    this.end = offset + length;
  }
}

function evenly(length: number): number {
  return length + (length % 2);
}
