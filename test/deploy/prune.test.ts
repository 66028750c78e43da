import { expect, test } from "vitest";
import { listHostLabs } from "../../lib/deploy/host-labs.ts";
import { leftovers } from "../../lib/deploy/prune.ts";
import type { NetworkRecord, Owner, PoolRecord, SandboxRecord } from "../../lib/hypervisor/hypervisor.ts";

const owner = (deployment: string, lab: string, name: string): Owner => ({ deployment, lab, name, provider: "libvirt", labels: {} });

function sandbox(name: string, of?: Owner): SandboxRecord {
  return {
    id: `id-${name}`,
    name,
    owner: of,
    state: "running",
    reason: "booted",
    cpus: 1,
    memoryBytes: 1,
    autostart: false,
    emulated: false,
    nics: [],
    disks: [],
    agent: "absent",
  };
}

function network(name: string, of?: Owner): NetworkRecord {
  return { id: `id-${name}`, name, owner: of, active: true, mode: "nat", addresses: [] };
}

function pool(name: string, path: string): PoolRecord {
  return { id: `id-${name}`, name, path, active: true };
}

const [mine, other, lost] = ["1111111111111111", "2222222222222222", "3333333333333333"] as const;

/** A host with three deployments and three things that are nobody's of ours. */
const host = {
  listSandboxes: async () => [
    sandbox("shop-web", owner(other, "shop", "web")),
    sandbox("somebody"),
    sandbox("demo-db", owner(mine, "demo", "db")),
  ],
  listNetworks: async () => [
    network("default"),
    network("demo-front", owner(mine, "demo", "front")),
    network("old-front", owner(lost, "old", "front")),
  ],
  listPools: async () => [
    pool(`old-${lost}`, `/var/lib/terrarium/pools/${lost}-local`),
    pool("default", "/var/lib/libvirt/images"),
    // Named like ours, but elsewhere: a stranger's.
    pool(`shop-${"4".repeat(16)}`, "/srv/data"),
  ],
};

test("objects are told apart by what we wrote into them; strangers' are not listed", async () => {
  expect(await listHostLabs(host)).toEqual([
    {
      deployment: mine,
      lab: "demo",
      sandboxes: [{ id: "id-demo-db", name: "db", nameOnHost: "demo-db", state: "running" }],
      networks: [{ id: "id-demo-front", name: "front", nameOnHost: "demo-front" }],
      pools: [],
    },
    {
      deployment: lost,
      lab: "old",
      sandboxes: [],
      networks: [{ id: "id-old-front", name: "front", nameOnHost: "old-front" }],
      pools: [`old-${lost}`],
    },
    {
      deployment: other,
      lab: "shop",
      sandboxes: [{ id: "id-shop-web", name: "web", nameOnHost: "shop-web", state: "running" }],
      networks: [],
      pools: [],
    },
  ]);
});

test("without being named only a deployment goes that has no sandbox and is not this folder's", async () => {
  const labs = await listHostLabs(host);
  expect(leftovers(labs, mine).map(({ deployment }) => deployment)).toEqual([lost]);
  expect(leftovers(labs, lost)).toEqual([]);
});
