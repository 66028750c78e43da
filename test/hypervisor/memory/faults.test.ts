import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MemoryFault } from "../../../lib/hypervisor/memory/faults.ts";
import { memoryHypervisor, type MemoryOptions } from "../../../lib/hypervisor/memory/memory-hypervisor.ts";
import { memoryOptionsFrom } from "../../../lib/hypervisor/memory/from-environment.ts";
import type { SandboxSpec } from "../../../lib/hypervisor/provisioning.ts";
import { codeOf } from "../../fixtures/hypervisor-scene.ts";
import { mebibyte, networkSpec } from "./model.ts";

let directory: string;
let files = 0;
const newFile = (): string => join(directory, `${(files += 1)}.json`);
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "memory-faults-"));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

const web: SandboxSpec = {
  owner: { deployment: "x", lab: "shop", name: "web", provider: "terrarium", labels: {} },
  name: "web",
  cpus: 1,
  memoryBytes: 128 * mebibyte,
  autostart: false,
  disks: [],
  nics: [],
  forwards: [],
};

/** A driver with faults and one without, on one host. */
function hostWith(...faults: MemoryFault[]): Record<"faulty" | "sound", ReturnType<typeof memoryHypervisor>> {
  const options: MemoryOptions = { file: newFile() };
  return { faulty: memoryHypervisor({ ...options, faults }), sound: memoryHypervisor(options) };
}

test("a call that fails before its effect has none", async () => {
  const { faulty, sound } = hostWith({ operation: "createSandbox" });
  expect(await codeOf(faulty.createSandbox(web))).toBe("HYPERVISOR_FAILED");
  expect(await sound.listSandboxes()).toEqual([]);
});

test("a call that fails after its effect only loses its answer, and the same create takes over what it made", async () => {
  const { faulty, sound } = hostWith({ operation: "createSandbox", call: 1, when: "after", code: "HOST_LOST" });
  expect(await codeOf(faulty.createSandbox(web))).toBe("HOST_LOST");
  const [made] = await sound.listSandboxes();
  expect(made).toMatchObject({ name: "web" });
  expect(await faulty.createSandbox(web)).toEqual(made);
});

test("a create that is cut off in the middle leaves something unfinished, which the same create makes whole", async () => {
  const { faulty, sound } = hostWith(
    ...(["createNetwork", "createDisk", "createSeed", "placeImage", "createSandbox"] as const).map((operation) => ({
      operation,
      call: 1,
      when: "midway" as const,
    })),
  );
  const { owner } = web;
  const file = join(directory, "seed.iso");
  await writeFile(file, "content");
  const network = networkSpec("lan", "x", 1);
  const disk = { owner, name: "web", sizeBytes: 8 * mebibyte };
  const seed = { owner, name: "web.iso", file };
  for (const call of [
    () => faulty.createNetwork(network),
    () => faulty.createDisk(disk),
    () => faulty.createSeed(seed),
    () => faulty.placeImage(file, "0".repeat(64)),
  ]) {
    expect(await codeOf(call())).toBe("HYPERVISOR_FAILED");
  }
  expect(await sound.listNetworks()).toMatchObject([{ name: "lan", active: false }]);
  expect(await sound.findImage("0".repeat(64))).toBeUndefined();

  const { id: lan } = await faulty.createNetwork(network);
  const { id: root } = await faulty.createDisk(disk);
  const { id: cd } = await faulty.createSeed(seed);
  expect(await faulty.placeImage(file, "0".repeat(64))).toMatchObject({ sizeBytes: 7 });
  expect(await sound.listNetworks()).toMatchObject([{ id: lan, active: true }]);

  const spec: SandboxSpec = { ...web, disks: [root], seed: cd, nics: [{ mac: "02:00:00:00:00:01", network: lan }] };
  expect(await codeOf(faulty.createSandbox(spec))).toBe("HYPERVISOR_FAILED");
  const [half] = await sound.listSandboxes();
  expect(half).toMatchObject({ name: "web", nics: [] });
  expect(await codeOf(sound.start(half?.id ?? ""))).toBe("DEFINITION_REFUSED");
  expect(await sound.createSandbox(spec)).toMatchObject({
    id: half?.id,
    nics: [{ network: "lan" }],
    disks: [{ file: root }, { file: cd }],
  });
  await sound.start(half?.id ?? "");
});

test("an update or a removal that is cut off in the middle leaves a sandbox that is off and as it was", async () => {
  const { faulty, sound } = hostWith(
    { operation: "updateSandbox", call: 1, when: "midway" },
    { operation: "remove", call: 1, when: "midway" },
    { operation: "removeNetwork", when: "midway" },
  );
  const { id } = await sound.createSandbox(web);
  await sound.start(id);
  expect(await codeOf(faulty.updateSandbox(id, { ...web, cpus: 2 }))).toBe("HYPERVISOR_FAILED");
  expect(await sound.readSandbox(id)).toMatchObject({ state: "off", cpus: 1 });
  await sound.start(id);
  expect(await codeOf(faulty.remove(id))).toBe("HYPERVISOR_FAILED");
  expect(await sound.readSandbox(id)).toMatchObject({ state: "off" });
  await faulty.remove(id);
  expect(await sound.listSandboxes()).toEqual([]);
  const { id: lan } = await sound.createNetwork(networkSpec("lan", "x", 1));
  expect(await codeOf(faulty.removeNetwork(lan))).toBe("HYPERVISOR_FAILED");
  expect(await sound.listNetworks()).toMatchObject([{ id: lan, active: false }]);
});

test("calls are counted for each fault by itself, over all drivers of a host, also those that read", async () => {
  const faults: MemoryFault[] = [
    { operation: "listSandboxes", call: 2 },
    { operation: "listSandboxes", call: 4, code: "HOST_TIMEOUT" },
  ];
  const file = newFile();
  const drivers = [memoryHypervisor({ file, faults }), memoryHypervisor({ file, faults })];
  const codes: string[] = [];
  for (let call = 0; call < 5; call += 1) codes.push(await codeOf(drivers[call % 2]!.listSandboxes()));
  expect(codes).toEqual(["no error", "HYPERVISOR_FAILED", "no error", "HOST_TIMEOUT", "no error"]);
});

test("a call that is only slow succeeds, and others overtake it", async () => {
  const { faulty, sound } = hostWith({ operation: "createSandbox", how: "wait", delay: 200 });
  const order: string[] = [];
  await Promise.all([
    faulty.createSandbox(web).then(() => order.push("slow")),
    sound.createNetwork(networkSpec("lan", "x", 1)).then(() => order.push("other")),
  ]);
  expect(order).toEqual(["other", "slow"]);
  expect(await sound.listSandboxes()).toHaveLength(1);
});

test("faults can be put into a file and taken away while the driver is used", async () => {
  const faultsFile = newFile();
  const driver = memoryHypervisor({ file: newFile(), faultsFile });
  expect(await driver.listNetworks()).toEqual([]);
  await writeFile(faultsFile, JSON.stringify([{ operation: "listNetworks", code: "HOST_LOST" }]));
  expect(await codeOf(driver.listNetworks())).toBe("HOST_LOST");
  await rm(faultsFile);
  expect(await driver.listNetworks()).toEqual([]);
});

test("a process is told of its host and its faults by its environment", () => {
  expect(memoryOptionsFrom({})).toEqual({});
  expect(memoryOptionsFrom({ TERRARIUM_MEMORY_HOST: "/tmp/host.json", TERRARIUM_MEMORY_FAULTS: "/tmp/faults.json" })).toEqual({
    file: "/tmp/host.json",
    faultsFile: "/tmp/faults.json",
  });
  expect(memoryOptionsFrom({ TERRARIUM_MEMORY_FAULTS: '[{"operation":"start"}]' })).toEqual({ faults: [{ operation: "start" }] });
});
