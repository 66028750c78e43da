import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryHypervisor } from "../../../lib/hypervisor/memory/memory-hypervisor.ts";
import * as model from "./model.ts";

const name = fc.constantFrom("a", "b", "c");
const deployment = fc.constantFrom("x", "y");
const block = fc.integer({ min: 1, max: 3 });
const mebibytes = fc.integer({ min: 1, max: 4 });
const disk = fc.constantFrom("x/a", "x/b", "y/a");
const cpus = fc.integer({ min: 1, max: 2 });
const sandbox = fc.record({
  name,
  deployment,
  cpus,
  disks: fc.uniqueArray(disk, { maxLength: 2 }),
  networks: fc.uniqueArray(name, { maxLength: 2 }),
});

const steps = [
  fc.tuple(name, deployment, block).map((args) => model.createNetwork(...args)),
  name.map(model.removeNetwork),
  fc.tuple(name, deployment, mebibytes).map((args) => model.createDisk(...args)),
  fc.tuple(disk, mebibytes).map((args) => model.growDisk(...args)),
  disk.map(model.removeDisk),
  sandbox.map(model.createSandbox),
  fc.tuple(name, cpus).map((args) => model.updateCpus(...args)),
  name.map(model.start),
  name.map(model.stop),
  name.map(model.removeSandbox),
  fc.tuple(name, fc.constantFrom("one", "two")).map((args) => model.snapshot(...args)),
];

const emptyModel = (): model.Model => ({ networks: new Map(), disks: new Map(), sandboxes: new Map() });

test("whatever is asked of it, the host has what a simple model of it has", async () => {
  const run = fc.asyncProperty(fc.commands(steps, { maxCommands: 60 }), async (commands) => {
    await fc.asyncModelRun(() => ({ model: emptyModel(), real: { drivers: [memoryHypervisor()], ids: new Map() } }), commands);
  });
  await expect(fc.assert(run, { numRuns: 200 })).resolves.toBeUndefined();
});

test("several drivers of one file are one host", async () => {
  const directory = await mkdtemp(join(tmpdir(), "memory-model-"));
  let run = 0;
  try {
    const property = fc.asyncProperty(fc.commands(steps, { maxCommands: 30 }), async (commands) => {
      run += 1;
      const file = join(directory, `${run}.json`);
      const drivers = [memoryHypervisor({ file }), memoryHypervisor({ file }), memoryHypervisor({ file })];
      await fc.asyncModelRun(() => ({ model: emptyModel(), real: { drivers, ids: new Map() } }), commands);
    });
    await expect(fc.assert(property, { numRuns: 25 })).resolves.toBeUndefined();
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("calls that are made at once never take an address, a name or a port twice, and lose nothing", async () => {
  const call = fc.oneof(
    fc.record({ kind: fc.constant("network" as const), name, deployment, block }),
    fc.record({ kind: fc.constant("sandbox" as const), name, deployment, port: fc.constantFrom(0, 0, 8080) }),
    fc.record({ kind: fc.constant("remove" as const), name }),
  );
  const property = fc.asyncProperty(fc.array(call, { maxLength: 30 }), async (calls) => {
    const driver = memoryHypervisor({ capabilities: { forwards: true } });
    await Promise.allSettled(
      calls.map(async (wanted) => {
        if (wanted.kind === "network") return await driver.createNetwork(model.networkSpec(wanted.name, wanted.deployment, wanted.block));
        if (wanted.kind === "remove")
          return await driver.remove((await driver.listSandboxes()).find(({ name }) => name === wanted.name)?.id ?? "");
        return await driver.createSandbox({
          owner: { deployment: wanted.deployment, lab: "shop", name: wanted.name, provider: "terrarium", labels: {} },
          name: wanted.name,
          cpus: 1,
          memoryBytes: model.mebibyte,
          autostart: false,
          disks: [],
          nics: [],
          forwards: [{ name: "ssh", protocol: "tcp", hostPort: wanted.port, guestPort: 22 }],
        });
      }),
    );
    const networks = await driver.listNetworks();
    const sandboxes = await driver.listSandboxes();
    const lists: readonly (readonly unknown[])[] = [
      networks.map((network) => network.name),
      networks.flatMap(({ addresses }) => addresses),
      networks.map(({ bridge }) => bridge),
      sandboxes.map((found) => found.name),
      sandboxes.flatMap(({ forwards = [] }) => forwards.map(({ hostPort }) => hostPort)),
    ];
    for (const items of lists) expect(items).toEqual([...new Set(items)]);
    for (const { forwards } of sandboxes) expect(forwards?.every(({ hostPort }) => hostPort > 0)).toBe(true);
    if (!calls.some(({ kind }) => kind === "remove")) {
      const free = calls.filter((wanted) => wanted.kind === "sandbox" && wanted.port === 0).map((wanted) => wanted.name);
      expect(sandboxes.map((found) => found.name)).toEqual(expect.arrayContaining([...new Set(free)]));
    }
  });
  await fc.assert(property, { numRuns: 200 });
});
