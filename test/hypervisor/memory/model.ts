import type { AsyncCommand } from "fast-check";
import { expect } from "vitest";
import { DiagnosticError } from "../../../lib/diagnostics/diagnostic-error.ts";
import type { Hypervisor, Owner } from "../../../lib/hypervisor/hypervisor.ts";
import type { DiskSpec, NetworkSpec, Provisioning, SandboxSpec } from "../../../lib/hypervisor/provisioning.ts";

export type Driver = Hypervisor & Provisioning;

/** What a host should have, by the names that the test uses; written without a look at the driver. */
export interface Model {
  readonly networks: Map<string, { readonly deployment: string; readonly block: number }>;
  /** By `deployment/name`. */
  readonly disks: Map<string, { sizeBytes: number }>;
  readonly sandboxes: Map<
    string,
    {
      readonly deployment: string;
      cpus: number;
      disks: readonly string[];
      networks: readonly string[];
      running: boolean;
      snapshots: string[];
    }
  >;
}

/** The drivers of one host, and the ids that they gave. */
export interface Real {
  /** Any of them, at random: they share the host. */
  readonly drivers: readonly Driver[];
  readonly ids: Map<string, string>;
}

type Step = AsyncCommand<Model, Real>;

export const mebibyte = 2 ** 20;
const owner = (deployment: string, name: string): Owner => ({ deployment, lab: "shop", name, provider: "terrarium", labels: {} });
const code = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call;
    return "done";
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics[0]?.code ?? "none";
    throw error;
  }
};

/** A step that does the same to both: `expected` changes the model and says how the call ends, `call` is the driver's. */
function step(
  text: string,
  expected: (model: Model) => string,
  call: (driver: Driver, real: Real, model: Model) => Promise<unknown>,
): Step {
  let turn = 0;
  return {
    check: () => true,
    run: async (model, real) => {
      turn = (turn + text.length + real.ids.size) % real.drivers.length;
      const driver = real.drivers[turn];
      if (!driver) throw new Error("No driver");
      const before = await snapshotOf(driver);
      const ended = await code(call(driver, real, model));
      expect([text, ended]).toEqual([text, expected(model)]);
      // A call that is refused has changed nothing.
      if (ended !== "done") expect(await snapshotOf(driver)).toEqual(before);
      await compare(model, real);
    },
    toString: () => text,
  };
}

const snapshotOf = async (driver: Driver): Promise<unknown> => [await driver.listNetworks(), await driver.listSandboxes()];

/** Every driver of the host sees what the model has, and what is unique is unique. */
async function compare(model: Model, { drivers, ids }: Real): Promise<void> {
  for (const driver of drivers) {
    const networks = await driver.listNetworks();
    expect(networks.map(({ name, owner: found, addresses }) => [name, found?.deployment, addresses[0]])).toEqual(
      [...model.networks]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { deployment, block }]) => [name, deployment, `10.0.${block}.1/24`]),
    );
    expect(networks.map(({ id }) => id)).toEqual(networks.map(({ name }) => ids.get(`network ${name}`)));
    const sandboxes = await driver.listSandboxes();
    expect(
      sandboxes.map(({ name, owner: found, cpus, state, disks, nics }) => [
        name,
        found?.deployment,
        cpus,
        state,
        disks.length,
        nics.length,
      ]),
    ).toEqual(
      [...model.sandboxes]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { deployment, cpus, running, disks, networks: plugged }]) => [
          name,
          deployment,
          cpus,
          running ? "running" : "off",
          disks.length,
          plugged.length,
        ]),
    );
    for (const { id, name } of sandboxes) {
      expect(id).toBe(ids.get(`sandbox ${name}`));
      expect((await driver.listSnapshots(id)).map((snapshot) => snapshot.name)).toEqual(model.sandboxes.get(name)?.snapshots);
    }
    const diskIds = [...ids].filter(([key]) => key.startsWith("disk ")).map(([, id]) => id);
    const found = [...(await driver.listDisks(diskIds)).values()].map(({ sizeBytes }) => String(sizeBytes)).sort();
    expect(found).toEqual([...model.disks.values()].map(({ sizeBytes }) => String(sizeBytes)).sort());
    const everyId = [...networks, ...sandboxes].map(({ id }) => id);
    expect(new Set(everyId).size).toBe(everyId.length);
  }
}

export const networkSpec = (name: string, deployment: string, block: number): NetworkSpec => ({
  owner: owner(deployment, name),
  name,
  mode: "nat",
  cidr: `10.0.${block}.0/24`,
  gateway: `10.0.${block}.1`,
  domain: `${name}.test`,
  reservations: [],
  records: [],
});

const diskSpec = (name: string, deployment: string, mebibytes: number): DiskSpec => ({
  owner: owner(deployment, name),
  name,
  sizeBytes: mebibytes * mebibyte,
});

export const createNetwork = (name: string, deployment: string, block: number): Step =>
  step(
    `create network ${name} of ${deployment} in block ${block}`,
    ({ networks }) => {
      const found = networks.get(name);
      if (found && found.deployment !== deployment) return "STRANGER";
      if ([...networks].some(([other, { block: taken }]) => other !== name && taken === block)) return "NETWORK_IN_USE";
      networks.set(name, { deployment, block });
      return "done";
    },
    async (driver, { ids }) => {
      const { id } = await driver.createNetwork(networkSpec(name, deployment, block));
      expect(id).toBe(ids.get(`network ${name}`) ?? id);
      ids.set(`network ${name}`, id);
    },
  );

export const removeNetwork = (name: string): Step =>
  step(
    `remove network ${name}`,
    ({ networks }) => {
      networks.delete(name);
      return "done";
    },
    async (driver, { ids }) => {
      await driver.removeNetwork(ids.get(`network ${name}`) ?? "none");
      ids.delete(`network ${name}`);
    },
  );

export const createDisk = (name: string, deployment: string, mebibytes: number): Step =>
  step(
    `create disk ${name} of ${deployment} with ${mebibytes} MiB`,
    ({ disks }) => {
      const found = disks.get(`${deployment}/${name}`);
      if (found && found.sizeBytes > mebibytes * mebibyte) return "OUT_OF_RANGE";
      disks.set(`${deployment}/${name}`, { sizeBytes: mebibytes * mebibyte });
      return "done";
    },
    async (driver, { ids }) => {
      const { id } = await driver.createDisk(diskSpec(name, deployment, mebibytes));
      expect(id).toBe(ids.get(`disk ${deployment}/${name}`) ?? id);
      ids.set(`disk ${deployment}/${name}`, id);
    },
  );

export const growDisk = (key: string, mebibytes: number): Step =>
  step(
    `grow disk ${key} to ${mebibytes} MiB`,
    ({ disks }) => {
      const found = disks.get(key);
      if (!found) return "OBJECT_NOT_FOUND";
      if (found.sizeBytes > mebibytes * mebibyte) return "OUT_OF_RANGE";
      found.sizeBytes = mebibytes * mebibyte;
      return "done";
    },
    async (driver, { ids }) => await driver.growDisk(ids.get(`disk ${key}`) ?? "none", mebibytes * mebibyte),
  );

export const removeDisk = (key: string): Step =>
  step(
    `remove disk ${key}`,
    ({ disks, sandboxes }) => {
      if (disks.has(key) && [...sandboxes.values()].some(({ running, disks: used }) => running && used.includes(key))) return "DISK_IN_USE";
      disks.delete(key);
      return "done";
    },
    async (driver, { ids }) => await driver.removeDisk(ids.get(`disk ${key}`) ?? "none"),
  );

interface Sandbox {
  readonly name: string;
  readonly deployment: string;
  readonly cpus: number;
  readonly disks: readonly string[];
  readonly networks: readonly string[];
}

const sandboxSpec = ({ name, deployment, cpus, disks, networks }: Sandbox, { ids }: Real): SandboxSpec => ({
  owner: owner(deployment, name),
  name,
  cpus,
  memoryBytes: 128 * mebibyte,
  autostart: false,
  disks: disks.map((key) => ids.get(`disk ${key}`) ?? "none"),
  nics: networks.map((network, index) => ({ mac: `02:00:00:00:00:0${index}`, network: ids.get(`network ${network}`) ?? "none" })),
  forwards: [],
});

/** How a specification that names what is not there ends. */
function missing({ disks, networks }: Sandbox, model: Model): string | undefined {
  if (networks.some((network) => !model.networks.has(network))) return "OBJECT_NOT_FOUND";
  return disks.some((disk) => !model.disks.has(disk)) ? "DISK_MISSING" : undefined;
}

export const createSandbox = (wanted: Sandbox): Step =>
  step(
    `create sandbox ${wanted.name} of ${wanted.deployment}: ${wanted.cpus} CPUs, disks ${wanted.disks.join()}, networks ${wanted.networks.join()}`,
    (model) => {
      const refused = missing(wanted, model);
      if (refused !== undefined) return refused;
      const found = model.sandboxes.get(wanted.name);
      if (found && found.deployment !== wanted.deployment) return "STRANGER";
      model.sandboxes.set(wanted.name, { ...wanted, running: found?.running ?? false, snapshots: found?.snapshots ?? [] });
      return "done";
    },
    async (driver, real) => {
      const { id } = await driver.createSandbox(sandboxSpec(wanted, real));
      expect(id).toBe(real.ids.get(`sandbox ${wanted.name}`) ?? id);
      real.ids.set(`sandbox ${wanted.name}`, id);
    },
  );

export const updateCpus = (name: string, cpus: number): Step =>
  step(
    `give sandbox ${name} ${cpus} CPUs`,
    (model) => {
      const found = model.sandboxes.get(name);
      if (!found) return "OBJECT_NOT_FOUND";
      const refused = missing({ name, ...found }, model);
      if (refused !== undefined) return refused;
      found.cpus = cpus;
      return "done";
    },
    async (driver, real, model) => {
      const found = model.sandboxes.get(name) ?? { deployment: "x", disks: [], networks: [] };
      await driver.updateSandbox(real.ids.get(`sandbox ${name}`) ?? "none", sandboxSpec({ ...found, name, cpus }, real));
    },
  );

export const start = (name: string): Step =>
  step(
    `start sandbox ${name}`,
    (model) => {
      const found = model.sandboxes.get(name);
      if (!found) return "OBJECT_NOT_FOUND";
      if (found.running) return "done";
      if (found.disks.some((disk) => !model.disks.has(disk))) return "DISK_MISSING";
      if (found.networks.some((network) => !model.networks.has(network))) return "OBJECT_NOT_FOUND";
      found.running = true;
      return "done";
    },
    async (driver, { ids }) => await driver.start(ids.get(`sandbox ${name}`) ?? "none"),
  );

export const stop = (name: string): Step =>
  step(
    `power off sandbox ${name}`,
    (model) => {
      const found = model.sandboxes.get(name);
      if (found) found.running = false;
      return "done";
    },
    async (driver, { ids }) => await driver.powerOff(ids.get(`sandbox ${name}`) ?? "none"),
  );

export const removeSandbox = (name: string): Step =>
  step(
    `remove sandbox ${name}`,
    (model) => {
      model.sandboxes.delete(name);
      return "done";
    },
    async (driver, { ids }) => {
      await driver.remove(ids.get(`sandbox ${name}`) ?? "none");
      ids.delete(`sandbox ${name}`);
    },
  );

export const snapshot = (name: string, title: string): Step =>
  step(
    `take snapshot ${title} of sandbox ${name}`,
    (model) => {
      const found = model.sandboxes.get(name);
      if (!found) return "OBJECT_NOT_FOUND";
      if (!found.snapshots.includes(title)) found.snapshots.push(title);
      return "done";
    },
    async (driver, { ids }) => await driver.takeSnapshot(ids.get(`sandbox ${name}`) ?? "none", title),
  );
