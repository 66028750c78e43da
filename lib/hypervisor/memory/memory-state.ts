import type { Owner, SandboxState } from "../hypervisor.ts";
import type { NetworkSpec, NicSpec, SandboxSpec, SnapshotRecord } from "../provisioning.ts";

/** A host as a plain value, which operations take and give back changed. JSON can hold it. */
export interface MemoryState {
  readonly networks: readonly MemoryNetwork[];
  readonly images: readonly MemoryImage[];
  readonly disks: readonly MemoryDisk[];
  readonly seeds: readonly MemorySeed[];
  readonly sandboxes: readonly MemorySandbox[];
  readonly pools: readonly MemoryPool[];
  /** How often each fault's operation was called since the fault is known. */
  readonly calls: Readonly<Record<string, number>>;
}

/** Something that an operation which was cut off has left: it has a name and an owner, and only the same create can make it whole. */
interface Unfinished {
  readonly unfinished?: true | undefined;
}

export interface MemoryNetwork {
  readonly id: string;
  /** Without an owner: made by somebody who knows nothing of Terrarium. */
  readonly spec: Omit<NetworkSpec, "owner"> & { readonly owner?: Owner };
  readonly active: boolean;
}

export interface MemoryImage extends Unfinished {
  readonly digest: string;
  readonly path: string;
  readonly sizeBytes: number;
}

export interface MemoryDisk extends Unfinished {
  readonly id: string;
  readonly owner: Owner;
  readonly name: string;
  readonly sizeBytes: number;
  readonly image?: string;
}

export interface MemorySeed extends Unfinished {
  readonly id: string;
  readonly owner: Owner;
  readonly name: string;
  /** SHA-256 of its content. The content is not kept: seeds hold secrets. */
  readonly content: string;
}

/** As on real hosts, a NIC knows its network by name: one that is made anew under the name is its network again. */
export interface MemoryNic extends NicSpec {
  readonly networkName: string;
}

export interface MemorySandbox extends Unfinished {
  readonly id: string;
  /** With the ports that were chosen for its forwards. */
  readonly spec: Omit<SandboxSpec, "owner" | "nics"> & { readonly owner?: Owner; readonly nics: readonly MemoryNic[] };
  readonly state: SandboxState;
  readonly reason: string;
  readonly boots: number;
  readonly snapshots: readonly SnapshotRecord[];
}

export interface MemoryPool {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly volumes: readonly string[];
}

export const emptyState: MemoryState = { networks: [], images: [], disks: [], seeds: [], sandboxes: [], pools: [], calls: {} };

/**
 * What an operation does: the state after it, and what it returns.
 *
 * @property half the state that is left if it is cut off in the middle; absent where it has none
 */
export interface Outcome<T> {
  readonly state: MemoryState;
  readonly result: T;
  readonly half?: MemoryState;
}

/** A pure operation. @throws DiagnosticError before it has changed anything */
export type Operation<T> = (state: MemoryState) => Outcome<T>;

/** The list with an item put in, in place of the one that `is` it or else at the end. */
export function put<T>(items: readonly T[], item: T, is: (item: T) => boolean): readonly T[] {
  const index = items.findIndex(is);
  return index < 0 ? [...items, item] : items.with(index, item);
}
