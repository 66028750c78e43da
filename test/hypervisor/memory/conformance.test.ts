import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Capabilities } from "../../../lib/hypervisor/provisioning.ts";
import { memoryHypervisor } from "../../../lib/hypervisor/memory/memory-hypervisor.ts";
import { emptyState, type MemoryState } from "../../../lib/hypervisor/memory/memory-state.ts";
import { describeHypervisor, type ConformanceHost } from "../../fixtures/hypervisor-conformance.ts";

/** A host in a file, which two drivers share as two processes do. */
async function makeMemoryHost(capabilities: Partial<Capabilities>): Promise<ConformanceHost> {
  const scratch = await mkdtemp(join(tmpdir(), "memory-host-"));
  const file = join(scratch, "host.json");
  const image = join(scratch, "image.raw");
  const imageSizeBytes = 4 * 2 ** 20;
  await writeFile(image, Buffer.alloc(imageSizeBytes));
  const read = async (): Promise<MemoryState> =>
    await readFile(file, "utf8").then(
      (text) => JSON.parse(text) as MemoryState,
      () => emptyState,
    );
  /** By hand, while no driver works. */
  const edit = async (change: (state: MemoryState) => MemoryState): Promise<void> => {
    const next = `${file}.edited`;
    await writeFile(next, JSON.stringify(change(await read())));
    await rm(file, { force: true });
    await writeFile(file, await readFile(next));
  };
  return {
    hypervisor: memoryHypervisor({ file, capabilities }),
    other: memoryHypervisor({ file, capabilities }),
    image,
    imageSizeBytes,
    scratch,
    count: async () => {
      const { networks, images, disks, seeds, sandboxes, pools } = await read();
      return {
        networks: networks.map(({ spec }) => spec.name),
        images: images.map(({ digest }) => digest),
        disks: disks.map(({ id }) => id),
        seeds: seeds.map(({ id }) => id),
        sandboxes: sandboxes.map(({ spec }) => spec.name),
        pools: pools.map(({ name }) => name),
      };
    },
    contentOf: async (path) => (await read()).seeds.find(({ id }) => id === path)?.content ?? "",
    foreign: {
      makeNetwork: (name) =>
        edit((state) => ({
          ...state,
          networks: [
            ...state.networks,
            {
              id: name,
              active: true,
              spec: {
                name,
                mode: "nat",
                cidr: "192.168.122.0/24",
                gateway: "192.168.122.1",
                domain: "",
                bridge: "virbr0",
                reservations: [],
                records: [],
              },
            },
          ],
        })),
      makeSandbox: (name) =>
        edit((state) => ({
          ...state,
          sandboxes: [
            ...state.sandboxes,
            {
              id: name,
              state: "off",
              reason: "",
              boots: 0,
              snapshots: [],
              spec: { name, cpus: 1, memoryBytes: 2 ** 27, autostart: false, disks: [], nics: [], forwards: [] },
            },
          ],
        })),
      removeNetwork: (name) => edit((state) => ({ ...state, networks: state.networks.filter(({ id }) => id !== name) })),
      removeSandbox: (name) => edit((state) => ({ ...state, sandboxes: state.sandboxes.filter(({ id }) => id !== name) })),
    },
    stopNetwork: ({ id }) =>
      edit((state) => ({
        ...state,
        networks: state.networks.map((network) => (network.id === id ? { ...network, active: false } : network)),
      })),
    lifeOf: async (id) => {
      const found = (await read()).sandboxes.find((sandbox) => sandbox.id === id);
      return found?.state === "running" ? String(found.boots) : "off";
    },
    remove: () => rm(scratch, { recursive: true }),
  };
}

describeHypervisor("memory", () => makeMemoryHost({}), { canRun: true });

// One that can do as little as a hypervisor may, but for forwards.
describeHypervisor(
  "memory, as a poor one",
  () =>
    makeMemoryHost({
      networkModes: ["nat"],
      live: { labels: false, cpus: false, memory: false, nics: false, disks: false, diskGrowth: false, seed: false },
      forwards: true,
      dnsRecords: false,
      memorySnapshots: false,
      agent: false,
    }),
  { canRun: true },
);
