import type { ImageSource } from "../lab.ts";

/** Version of the planner: a later one may plan otherwise, but never what the lock has. */
export const plannerVersion = 1;

/** Version of the file's form. A file with a later one is refused: dropping what we do not know would move somebody. */
export const lockFormat = 1;

/** `terrarium.lock.yaml`: one entry for each lab beside it. */
export interface LockFile {
  readonly version: typeof lockFormat;
  readonly labs: Readonly<Record<string, LabLock>>;
}

/** What was decided for a lab and stays so. */
export interface LabLock {
  readonly planner: number;
  readonly hypervisor: string;
  readonly provider: string;
  /** Hosts that have sandboxes, or had some until the last apply. */
  readonly hosts: Readonly<Record<string, LockedHost>>;
  readonly images: Readonly<Record<string, LockedImage>>;
  readonly networks: Readonly<Record<string, LockedNetwork>>;
  readonly sandboxes: Readonly<Record<string, LockedSandbox>>;
  /** Sandboxes that were removed, with the addresses that nobody else gets for a while. Absent where there are none. */
  readonly former?: Readonly<Record<string, FormerSandbox>>;
}

interface LockedHost {
  readonly uri?: string;
}

export interface LockedImage {
  readonly source: ImageSource;
  readonly digest: string;
  /** Virtual size in bytes, where known. */
  readonly size?: number;
}

export interface LockedNetwork {
  /** True for the network of one sandbox, which has the sandbox's name. */
  readonly own: boolean;
  readonly cidr: string;
  /** How many addresses have a reservation. */
  readonly reserve: number;
  readonly bridge: string;
  /** Bytes two and three of its MACs as four hexadecimal digits, where another network of the lab has those that its name gives. */
  readonly macPrefix?: string;
}

/** How many removed sandboxes keep their addresses: with the next one the first of them is forgotten. */
export const keptFormer = 64;

export interface FormerSandbox extends Pick<LockedSandbox, "addresses"> {
  /** Grows with each change of the lock that removes some: the smallest goes first. */
  readonly removed: number;
}

export interface LockedSandbox {
  /** Network → the addresses of the sandbox's NICs in it, in order. */
  readonly addresses: Readonly<Record<string, readonly string[]>>;
  /** Name of a forward → its port of the host. Absent: none. */
  readonly forwards?: Readonly<Record<string, number>>;
}
