import { afterEach, beforeEach, expect, test } from "vitest";
import type { Row } from "../../../lib/provider/framework/schema-type.ts";
import { unknown } from "../../../lib/provider/framework/value.ts";
import { idOf } from "../../fixtures/provider/small-core.ts";
import { memoryLab, type MemoryLab } from "../../fixtures/provider/memory-lab.ts";

let lab: MemoryLab;
let ids: { front: string; back: string; root: string; data: string; more: string; seed: string; otherSeed: string };
const type = "terrarium_sandbox";

beforeEach(async () => {
  lab = await memoryLab();
  const make = async (kind: string, config: Readonly<Record<string, unknown>>): Promise<string> =>
    idOf((await lab.core.apply(`terrarium_${kind}`, config)).state);
  ids = {
    front: await make("network", { name: "front", cidr: "10.20.0.0/24" }),
    back: await make("network", { name: "back", cidr: "10.21.0.0/24", mode: "isolated" }),
    root: await make("disk", { name: "web", size: "1GiB" }),
    data: await make("disk", { name: "web.data", size: "1GiB" }),
    more: await make("disk", { name: "web.more", size: "1GiB" }),
    seed: await make("seed", { name: "web", revision: "1" }),
    otherSeed: await make("seed", { name: "web", revision: "2" }),
  };
});
afterEach(() => lab.remove());

const config = () => ({
  name: "web",
  memory: "512MiB",
  disks: [ids.root, ids.data],
  seed: ids.seed,
  nics: [{ network: ids.front, address: "10.20.0.5" }, { network: ids.back }],
  forwards: { ssh: { guest_port: 22 } },
  labels: { role: "web" },
});

const onHost = async () => (await lab.host.listSandboxes())[0];
const boots = async (): Promise<string> => (await lab.host.readConsoleTail(String((await onHost())?.id))).toString().trim();

async function made(changes: Readonly<Record<string, unknown>> = {}): Promise<Row> {
  return (await lab.core.apply(type, { ...config(), ...changes })).state;
}

async function planIsEmpty(written: Readonly<Record<string, unknown>>, state: Row): Promise<void> {
  await lab.configure();
  const refreshed = await lab.core.refresh(type, state);
  expect(refreshed).toEqual(state);
  expect((await lab.core.plan(type, written, refreshed)).action).toBe("none");
}

test("a sandbox is made as planned, runs, and a second plan is empty", async () => {
  const { plan, state } = await lab.core.apply(type, config());
  expect(plan.planned).toMatchObject({ change: "created", host_name: "demo-web", cpus: 1, autostart: false });
  expect(state).toMatchObject({
    forwards: { ssh: { protocol: "tcp", host_address: "127.0.0.1", host_port: 20_000, guest_port: 22 } },
    running: true,
  });
  expect(await onHost()).toMatchObject({
    name: "demo-web",
    state: "running",
    owner: { deployment: "d1", lab: "demo", name: "web", provider: "terrarium", labels: { role: "web" } },
  });
  await planIsEmpty(config(), state);
});

test("MACs that nobody wrote are made in the plan, differ, and stay with their networks", async () => {
  const { plan, state } = await lab.core.apply(type, config());
  const [front, back] = (state["nics"] as { mac: string }[]).map(({ mac }) => mac);
  expect(front).toMatch(/^02(:[0-9a-f]{2}){5}$/);
  expect(front).not.toBe(back);
  expect(plan.planned["nics"]).toMatchObject([{ mac: front }, { mac: back }]);
  const swapped = await lab.core.apply(
    type,
    { ...config(), nics: [{ network: ids.back }, { network: ids.front }, { network: ids.front }] },
    state,
  );
  const macs = (swapped.state["nics"] as { mac: string }[]).map(({ mac }) => mac);
  expect(macs.slice(0, 2)).toEqual([back, front]);
  expect(new Set(macs).size).toBe(3);
});

test.each<[string, (current: ReturnType<typeof config>) => Readonly<Record<string, unknown>>, string]>([
  ["cpus", () => ({ cpus: 2 }), "reboot"],
  ["memory", () => ({ memory: "1GiB" }), "reboot"],
  ["labels", () => ({ labels: { role: "db", tier: "1" } }), "live"],
  ["autostart", () => ({ autostart: true }), "live"],
  ["protect", () => ({ protect: true }), "live"],
  ["shutdown_timeout", () => ({ shutdown_timeout: "5s" }), "live"],
  ["forwards", () => ({ forwards: { ssh: { guest_port: 22 }, web: { guest_port: 80, host_port: 8080 } } }), "live"],
  ["a forward's port", () => ({ forwards: { ssh: { guest_port: 22, host_port: 2222 } } }), "live"],
  ["a removed NIC", ({ nics }) => ({ nics: nics.slice(0, 1) }), "live"],
  ["an added NIC", ({ nics }) => ({ nics: [...nics, { network: ids.front }] }), "live"],
  ["a NIC's network", ({ nics }) => ({ nics: [nics[0], { network: ids.front }] }), "live"],
  ["an added disk", ({ disks }) => ({ disks: [...disks, ids.more] }), "live"],
  ["a removed disk", ({ disks }) => ({ disks: disks.slice(0, 1) }), "live"],
  ["a disk in between", ({ disks }) => ({ disks: [disks[0], ids.more, disks[1]] }), "live"],
  ["NICs in another order", ({ nics }) => ({ nics: nics.toReversed() }), "live"],
  ["another seed", () => ({ seed: ids.otherSeed }), "reseed"],
  ["no seed", () => ({ seed: null }), "reboot"],
  ["everything at once", () => ({ cpus: 2, seed: ids.otherSeed, labels: {}, nics: [], forwards: {} }), "reseed"],
])("%s changes in place, and the plan says what it takes", async (_what, change, takes) => {
  const state = await made();
  const written = { ...config(), ...change(config()) };
  const { plan, state: next } = await lab.core.apply(type, written, state);
  expect(plan).toMatchObject({ action: "update", planned: { change: takes } });
  expect(next["id"]).toBe(state["id"]);
  expect(await boots()).toBe(takes === "live" ? "boot 1 of demo-web" : "boot 2 of demo-web");
  expect(await onHost()).toMatchObject({ state: "running" });
  await planIsEmpty(written, next);
});

test("CPUs and memory change in the running guest within their limits, and the limits with a reboot", async () => {
  const room = { ...config(), max_cpus: 4, max_memory: "2GiB" };
  const state = await made(room);
  expect(state).toMatchObject({ cpus: 1, max_cpus: 4, memory: "512MiB", max_memory: "2GiB" });
  await planIsEmpty(room, state);
  const more = { ...room, cpus: 4, memory: "1536MiB" };
  const { plan, state: live } = await lab.core.apply(type, more, state);
  expect(plan).toMatchObject({ action: "update", planned: { change: "live" } });
  expect(await onHost()).toMatchObject({ state: "running", cpus: 4, maxCpus: 4, memoryBytes: 1536 * 2 ** 20, maxMemoryBytes: 2 * 2 ** 30 });
  await planIsEmpty(more, live);
  expect(await boots()).toBe("boot 1 of demo-web");
  const { plan: other, state: last } = await lab.core.apply(type, { ...more, max_cpus: 8, max_memory: null }, live);
  expect(other).toMatchObject({ action: "update", planned: { change: "reboot" } });
  expect(await boots()).toBe("boot 2 of demo-web");
  await planIsEmpty({ ...more, max_cpus: 8, max_memory: null }, last);
});

test("a sandbox that is off has nothing to reboot, and stays off", async () => {
  const state = await made({ running: false });
  expect(await onHost()).toMatchObject({ state: "off" });
  const { plan } = await lab.core.apply(type, { ...config(), running: false, cpus: 2 }, state);
  expect(plan.planned["change"]).toBe("live");
  expect(await onHost()).toMatchObject({ state: "off", cpus: 2 });
});

test("`running` stops a sandbox and starts it, and a change that comes with the stop takes no reboot", async () => {
  const state = await made();
  const { state: stopped } = await lab.core.apply(type, { ...config(), running: false, cpus: 2 }, state);
  expect(await onHost()).toMatchObject({ state: "off", reason: "shutdown", cpus: 2 });
  await lab.core.apply(type, { ...config(), cpus: 2 }, stopped);
  expect(await boots()).toBe("boot 2 of demo-web");
});

test("drift is seen and healed: a stopped sandbox, a NIC removed, CPUs changed, a label lost", async () => {
  const state = await made();
  const record = await onHost();
  if (!record?.owner) throw new Error("there is no sandbox");
  await lab.host.updateSandbox(record.id, {
    ...{
      owner: { ...record.owner, labels: {} },
      name: record.name,
      cpus: 4,
      memoryBytes: record.memoryBytes,
      autostart: true,
      forwards: [],
    },
    disks: [ids.root, ids.data],
    nics: [{ network: ids.front, mac: record.nics[0]?.mac ?? "" }],
  });
  await lab.host.powerOff(record.id);
  await lab.configure();
  const drifted = await lab.core.refresh(type, state);
  expect(drifted).toMatchObject({
    running: false,
    cpus: 4,
    autostart: true,
    labels: {},
    seed: null,
    forwards: {},
    nics: [{ network: ids.front, address: "10.20.0.5" }],
  });
  const { plan, state: healed } = await lab.core.apply(type, config(), drifted);
  expect(plan.action).toBe("update");
  expect(await onHost()).toMatchObject({ state: "running", cpus: 1, owner: { labels: { role: "web" } }, nics: [{}, {}] });
  await planIsEmpty(config(), healed);
});

test("a sandbox that is gone is planned to be created", async () => {
  const state = await made();
  await lab.host.remove(idOf(state));
  await lab.configure();
  expect(await lab.core.refresh(type, state)).toBeNull();
});

test("another boot disk, another name and another lab make another sandbox", async () => {
  const state = await made();
  for (const change of [{ disks: [ids.more, ids.data] }, { disks: [unknown, ids.data] }, { disks: unknown }, { name: "db" }]) {
    expect((await lab.core.plan(type, { ...config(), ...change }, state)).action).toBe("replace");
  }
  await lab.configure({ lab: "other" });
  expect((await lab.core.plan(type, config(), state)).action).toBe("replace");
});

test("`protect` refuses destroy and replacement in the plan, and a forced one in the apply; changes in place go through", async () => {
  const state = await made({ protect: true });
  await expect(lab.core.destroy(type, state)).rejects.toThrow('sandbox "web" is protected');
  const { problems } = await lab.core.plan(type, { ...config(), disks: [ids.more], protect: false }, state);
  expect(problems).toMatchObject([{ path: ["protect"], detail: expect.stringContaining("set protect = false, apply, and repeat") }]);
  const forced = await lab.core.runtime.apply(type, { prior: state, planned: null, config: null });
  expect(forced).toMatchObject({ state, problems: [{ summary: expect.stringContaining("was not destroyed") }] });
  const { state: free } = await lab.core.apply(type, { ...config(), protect: false, cpus: 2 }, state);
  await lab.core.destroy(type, free);
  expect(await lab.left()).toMatchObject({ sandboxes: 0 });
});

test("what is not known yet leaves `change` open, unless it makes no difference", async () => {
  const state = await made();
  const planned = async (change: Readonly<Record<string, unknown>>) =>
    (await lab.core.plan(type, { ...config(), ...change }, state)).planned["change"];
  expect(await planned({ seed: unknown })).toBe(unknown);
  expect(await planned({ seed: ids.otherSeed, cpus: unknown })).toBe("reseed");
  expect(await planned({ cpus: 2, memory: unknown })).toBe("reboot");
  expect(await planned({ labels: unknown })).toBe(unknown);
  expect(await planned({ nics: [{ network: ids.front, address: "10.20.0.5" }, { network: unknown }], cpus: 2 })).toBe("reboot");
});

test("a plan with unknown values agrees with the apply in which they are known", async () => {
  const state = await made();
  const nics = (network: unknown) => [{ network: ids.front, address: "10.20.0.5" }, { network }, { network: ids.back }];
  const { state: next } = await lab.core.apply(type, { ...config(), seed: unknown, nics: nics(unknown) }, state, {
    ...config(),
    seed: ids.otherSeed,
    nics: nics(ids.back),
  });
  expect(next).toMatchObject({ change: "reseed", seed: ids.otherSeed });
  const { state: same } = await lab.core.apply(type, { ...config(), seed: unknown, nics: nics(unknown) }, next, {
    ...config(),
    seed: ids.otherSeed,
    nics: nics(ids.back),
  });
  expect(same).toEqual(next);
});

test("an import by id or by lab and name gives the state of an apply, but for what only Terraform knows", async () => {
  const reserved = { name: "front", cidr: "10.20.0.0/24", reservations: { web: { mac: "02:00:00:00:00:05", address: "10.20.0.5" } } };
  const { row: front = null } = await lab.core.runtime.import("terrarium_network", "demo/front");
  await lab.core.apply("terrarium_network", reserved, front ?? null);
  const written = { ...config(), nics: [{ network: ids.front, mac: "02:00:00:00:00:05", address: "10.20.0.5" }] };
  const { state } = await lab.core.apply(type, written);
  for (const id of [idOf(state), "demo/web"]) {
    const imported = await lab.core.import(type, id);
    expect(imported).toEqual(state);
    expect((await lab.core.plan(type, written, imported)).action).toBe("none");
    const short = { ...written, nics: [{ network: ids.front, mac: "02:00:00:00:00:05" }] };
    expect((await lab.core.plan(type, short, imported)).action).toBe("none");
  }
  await lab.configure({ deployment: "d2" });
  await expect(lab.core.import(type, "demo/web")).rejects.toThrow("deployment d1");
});

test("a create that failed to start is in the state, not protected; one whose answer was lost is taken over", async () => {
  await lab.inject({ operation: "start", call: 1, when: "before" });
  const failure = await lab.core.apply(type, { ...config(), protect: true }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ state: { id: (await onHost())?.id, protect: false, running: false } });
  await lab.inject({ operation: "createSandbox", call: 1, when: "after", code: "HOST_LOST", note: "second" });
  await lab.host.remove(String((await onHost())?.id));
  await expect(lab.core.apply(type, config())).rejects.toThrow("HOST_LOST");
  const orphan = (await onHost())?.id;
  const { state } = await lab.core.apply(type, config());
  expect(state["id"]).toBe(orphan);
  expect(await lab.left()).toMatchObject({ sandboxes: 1 });
  await planIsEmpty(config(), state);
});

test("an update that failed in the middle is healed by the next apply", async () => {
  const state = await made();
  await lab.inject({ operation: "updateSandbox", call: 1, when: "midway" });
  const written = { ...config(), cpus: 2 };
  await expect(lab.core.apply(type, written, state)).rejects.toThrow("updateSandbox");
  await lab.configure();
  const drifted = await lab.core.refresh(type, state);
  expect(drifted).toMatchObject({ running: false, cpus: 1 });
  const { state: healed } = await lab.core.apply(type, written, drifted);
  expect(await onHost()).toMatchObject({ state: "running", cpus: 2 });
  await planIsEmpty(written, healed);
});

test("a disk that goes is taken out of the running sandbox first", async () => {
  await made();
  const { row: data = null } = await lab.core.runtime.import("terrarium_disk", ids.data);
  if (!data) throw new Error("there is no disk");
  await lab.core.destroy("terrarium_disk", data);
  expect(await onHost()).toMatchObject({ state: "running", owner: { labels: { role: "web" } }, nics: [{}, {}] });
  expect((await onHost())?.disks.map(({ file }) => file)).toEqual([ids.root, ids.seed]);
  expect(await boots()).toBe("boot 1 of demo-web");
});

test("a sandbox with several disks is shut down before it goes, one with a single disk loses its power", async () => {
  const state = await made();
  await lab.inject({ operation: "shutdown", note: "asked" });
  await expect(lab.core.destroy(type, state)).rejects.toThrow("shutdown");
  const { state: single } = await lab.core.apply(type, { ...config(), disks: [ids.root] }, state);
  await lab.core.destroy(type, single);
  expect(await lab.left()).toMatchObject({ sandboxes: 0 });
});

test("ports are an error of the plan where the hypervisor forwards none, with the alternative", async () => {
  const other = await memoryLab({ forwards: false });
  try {
    const { problems } = await other.core.plan(type, { name: "web", disks: ["d"], forwards: { ssh: { guest_port: 22 } } });
    expect(problems).toMatchObject([{ path: ["forwards"], detail: expect.stringContaining("ssh -L") }]);
  } finally {
    await other.remove();
  }
});

test("a snapshot is taken of the sandbox as it is, imported, found gone, and removed", async () => {
  const state = await made();
  const snapshot = { sandbox: state["id"], name: "before" };
  const { state: taken } = await lab.core.apply("terrarium_snapshot", snapshot);
  expect(taken).toMatchObject({ name: "before", running: true });
  expect(await lab.core.import("terrarium_snapshot", `${idOf(state)}/before`)).toEqual(taken);
  expect((await lab.core.plan("terrarium_snapshot", { ...snapshot, name: "after" }, taken)).action).toBe("replace");
  await lab.core.destroy("terrarium_snapshot", taken);
  expect(await lab.core.refresh("terrarium_snapshot", taken)).toBeNull();
  await lab.core.destroy("terrarium_snapshot", taken);
});

test("the data sources tell of the host and of a sandbox", async () => {
  const state = await made();
  const host = await lab.core.runtime.readData("terrarium_host", {
    hypervisor: null,
    hypervisor_version: null,
    library_version: null,
    architecture: null,
    cpus: null,
    memory: null,
  });
  expect(host).toMatchObject({ row: { hypervisor: "memory", cpus: 4, memory: "8GiB" }, problems: [] });
  const config = { name: "web", id: null, state: null, addresses: null };
  expect(await lab.core.runtime.readData("terrarium_sandbox", config)).toMatchObject({
    row: { id: state["id"], state: "running", addresses: ["10.20.0.5"] },
  });
  expect(await lab.core.runtime.readData("terrarium_sandbox", { ...config, name: "db" })).toMatchObject({ problems: [{ path: ["name"] }] });
});

test.each([
  [{ disks: [] }, ["disks"]],
  [{ disks: ["a", "a"] }, ["disks"]],
  [{ cpus: 0 }, ["cpus"]],
  [{ cpus: 1.5 }, ["cpus"]],
  [{ memory: "2 G" }, ["memory"]],
  [{ cpus: 4, max_cpus: 3 }, ["max_cpus"]],
  [{ max_memory: "511MiB" }, ["max_memory"]],
  [{ memory: null, max_memory: "512MiB" }, ["max_memory"]],
  [{ shutdown_timeout: "soon" }, ["shutdown_timeout"]],
  [{ labels: { "a b": "c" } }, ["labels"]],
  [{ forwards: { SSH: { guest_port: 22 } } }, ["forwards"]],
  [{ forwards: { ssh: { guest_port: 0 } } }, ["forwards", "ssh", "guest_port"]],
  [{ forwards: { a: { guest_port: 1, host_port: 9 }, b: { guest_port: 2, host_port: 9 } } }, ["forwards", "b", "host_port"]],
  [
    {
      nics: [
        { network: "n", mac: "02:00:00:00:00:01" },
        { network: "m", mac: "02:00:00:00:00:01" },
      ],
    },
    ["nics", 1, "mac"],
  ],
  [{ nics: [{ network: "n", mac: "03:00:00:00:00:01" }] }, ["nics", 0, "mac"]],
])("%j is refused, with its path", (change, path) => {
  const [problem, ...others] = lab.core.validate(type, { ...config(), ...change });
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ severity: "error", path });
});
