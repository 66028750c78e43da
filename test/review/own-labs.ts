import type { WrittenLab, WrittenSandbox } from "../../lib/lab/written-lab.ts";
import { base } from "./labs.ts";

/** The lab of the other tests, on our own provider. */
export const ownBase: WrittenLab = {
  ...base,
  provider: "terrarium",
  // One whose CPUs and memory change while it runs.
  sandboxes: { ...base.sandboxes, roomy: { maxCpus: 4, maxMemory: "4GiB" } },
};

function withDb(db: WrittenSandbox): WrittenLab {
  return { ...ownBase, sandboxes: { ...ownBase.sandboxes, db: { ...base.sandboxes.db, ...db } } };
}

function withRoomy(roomy: WrittenSandbox): WrittenLab {
  return { ...ownBase, sandboxes: { ...ownBase.sandboxes, roomy: { ...ownBase.sandboxes.roomy, ...roomy } } };
}

/** What may be asked of the base lab, by name. `recorded-own-plans.snap` has the plan that Terraform made for each. */
export const ownChanges: Readonly<Record<string, WrittenLab>> = {
  same: ownBase,
  cpus: withDb({ cpus: 2 }),
  cpusLive: withRoomy({ cpus: 3 }),
  memoryLive: withRoomy({ memory: "2GiB" }),
  limits: withRoomy({ maxCpus: 8, maxMemory: "8GiB" }),
  labels: withDb({ labels: { a: "b" } }),
  autostart: withDb({ autostart: true }),
  protect: withDb({ protect: true }),
  grow: withDb({ disk: "20GiB" }),
  growExtra: withDb({ disks: [{ name: "data", size: "30GiB" }] }),
  growAndReboot: withDb({ disk: "20GiB", memory: "1GiB" }),
  noExtra: withDb({ disks: [] }),
  addExtra: withDb({
    disks: [
      { name: "data", size: "20GiB" },
      { name: "log", size: "1GiB" },
    ],
  }),
  cloudInit: withDb({ cloudInit: { packages: ["redis"] } }),
  noSeed: withDb({ seed: "none", cloudInit: {} }),
  address: withDb({ networks: [{ name: "front", ip: "10.20.0.99" }] }),
  addNic: { ...withDb({ networks: ["front", "back"] }), networks: { ...base.networks, back: { mode: "isolated", cidr: "10.30.0.0/24" } } },
  image: { ...ownBase, images: { "debian-12": { ...base.images["debian-12"], sha256: "b".repeat(64) } } },
  block: { ...ownBase, networks: { front: { cidr: "10.21.0.0/24" } } },
  fewer: { ...ownBase, sandboxes: { ...ownBase.sandboxes, web: { ...base.sandboxes.web, count: 1 } } },
  more: { ...ownBase, sandboxes: { ...ownBase.sandboxes, web: { ...base.sandboxes.web, count: 3 } } },
};
