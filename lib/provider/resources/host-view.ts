import type { Hypervisor, NetworkRecord, SandboxRecord } from "../../hypervisor/hypervisor.ts";
import type { DiskRecord, ImageRecord, Provisioning, SeedRecord } from "../../hypervisor/provisioning.ts";
import { SharedRead, SharedReads, type Clock } from "./shared-reads.ts";

/** What a view reads from. */
export type ViewedHost = Pick<Hypervisor, "listSandboxes" | "listNetworks"> & Pick<Provisioning, "listDisks" | "listSeeds" | "findImage">;

/**
 * What is on a host, as the reads of one phase share it: a refresh of a hundred sandboxes lists the host once.
 *
 * Whoever changes something does it within `write`: a read that begins after a write has ended sees what it did, whether it succeeded or not.
 * What others change is seen after `maxAge` at the latest.
 */
export interface HostView {
  readonly sandboxes: () => Promise<readonly SandboxRecord[]>;
  readonly networks: () => Promise<readonly NetworkRecord[]>;
  readonly disk: (id: string) => Promise<DiskRecord | undefined>;
  readonly seed: (id: string) => Promise<SeedRecord | undefined>;
  readonly image: (digest: string) => Promise<ImageRecord | undefined>;
  readonly write: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface ViewOptions {
  /** Milliseconds. @default 5000 */
  readonly maxAge?: number;
  /** @default performance.now */
  readonly clock?: Clock;
}

/** @example await view.write(() => host.createDisk(spec)); (await view.disk(id))?.sizeBytes */
export function hostView(host: ViewedHost, { maxAge = 5000, clock = () => performance.now() }: ViewOptions = {}): HostView {
  const sandboxes = new SharedRead(() => host.listSandboxes(), maxAge, clock);
  const networks = new SharedRead(() => host.listNetworks(), maxAge, clock);
  const disks = new SharedReads((ids) => host.listDisks(ids), maxAge, clock);
  const seeds = new SharedReads((ids) => host.listSeeds(ids), maxAge, clock);
  const images = new SharedReads((digests) => findImages(host, digests), maxAge, clock);
  return {
    sandboxes: () => sandboxes.read(),
    networks: () => networks.read(),
    disk: (id) => disks.read(id),
    seed: (id) => seeds.read(id),
    image: (digest) => images.read(digest),
    write: async (work) => {
      try {
        return await work();
      } finally {
        for (const reads of [sandboxes, networks, disks, seeds, images]) reads.forget();
      }
    },
  };
}

async function findImages(host: ViewedHost, digests: readonly string[]): Promise<ReadonlyMap<string, ImageRecord>> {
  const found = await Promise.all(digests.map((digest) => host.findImage(digest)));
  return new Map(found.flatMap((image) => (image ? [[image.digest, image]] : [])));
}
