import { afterEach, beforeEach, expect, test } from "vitest";
import { unknown } from "../../../lib/provider/framework/value.ts";
import { idOf } from "../../fixtures/provider/small-core.ts";
import { memoryLab, type MemoryLab } from "../../fixtures/provider/memory-lab.ts";

let lab: MemoryLab;
beforeEach(async () => {
  lab = await memoryLab();
});
afterEach(() => lab.remove());

const type = "terrarium_network";
const front = { name: "front", cidr: "10.20.0.0/24" };
const mac = "02:00:00:00:00:05";

test("a network's defaults are in its plan, and in the host's network", async () => {
  const { plan, state } = await lab.core.apply(type, front);
  expect(plan.planned).toMatchObject({
    gateway: "10.20.0.1",
    domain: "front.demo.test",
    mode: "nat",
    host_name: "demo-front",
    running: true,
    change: "created",
  });
  expect(await lab.host.listNetworks()).toMatchObject([{ id: state["id"], name: "demo-front", active: true, domain: "front.demo.test" }]);
  expect((await lab.core.plan(type, front, await lab.core.refresh(type, state))).action).toBe("none");
});

test("reservations and records change live, and the plan says so", async () => {
  const { state } = await lab.core.apply(type, front);
  const config = {
    ...front,
    reservations: { web: { mac, address: "10.20.0.5", name: "web" } },
    records: { db: "10.20.0.9", "cache.back": "10.20.0.9" },
  };
  const { plan, state: next } = await lab.core.apply(type, config, state);
  expect(plan).toMatchObject({ action: "update", planned: { change: "live" } });
  const [network] = await lab.host.listNetworks();
  expect(network).toMatchObject({
    id: state["id"],
    reservations: [{ mac, address: "10.20.0.5", name: "web" }],
    records: [{ address: "10.20.0.9", names: ["cache.back", "db"] }],
  });
  expect((await lab.core.plan(type, config, await lab.core.refresh(type, next))).action).toBe("none");
});

test.each([
  ["name", { name: "back" }],
  ["mode", { mode: "isolated" }],
  ["cidr", { cidr: "10.21.0.0/24" }],
  ["gateway", { gateway: "10.20.0.254" }],
  ["domain", { domain: "other.test" }],
  ["bridge", { bridge: "br-other" }],
])("another %s is another network", async (_attribute, change) => {
  const { state } = await lab.core.apply(type, front);
  const { plan, state: next } = await lab.core.apply(type, { ...front, ...change }, state);
  expect(plan).toMatchObject({ action: "replace", planned: { change: "created" } });
  expect(next["id"]).not.toBe(state["id"]);
  expect(await lab.left()).toMatchObject({ networks: 1 });
});

test("a network whose lab has another name in the provider block is made anew", async () => {
  const { state } = await lab.core.apply(type, front);
  await lab.configure({ lab: "other" });
  expect(await lab.core.plan(type, front, state)).toMatchObject({ action: "replace", planned: { host_name: "other-front" } });
});

test("a stopped network and one whose leases somebody changed are drift, which an apply heals", async () => {
  const config = { ...front, reservations: { web: { mac, address: "10.20.0.5", name: "web" } } };
  const { state } = await lab.core.apply(type, config);
  const owner = { deployment: "d1", lab: "demo", name: "front", provider: "terrarium", labels: {} };
  await lab.host.updateNetwork(idOf(state), {
    ...{ owner, name: "demo-front", mode: "nat", cidr: "10.20.0.0/24", gateway: "10.20.0.1", domain: "front.demo.test", records: [] },
    reservations: [
      { mac, address: "10.20.0.77", name: "web" },
      { mac: "02:00:00:00:00:06", address: "10.20.0.6" },
    ],
  });
  const drifted = await lab.core.refresh(type, state);
  expect(drifted).toMatchObject({
    reservations: {
      web: { mac, address: "10.20.0.77" },
      "02:00:00:00:00:06": { mac: "02:00:00:00:00:06", address: "10.20.0.6", name: null },
    },
  });
  const { state: healed, plan } = await lab.core.apply(type, config, drifted);
  expect(plan.action).toBe("update");
  expect((await lab.host.listNetworks())[0]?.reservations).toEqual([{ mac, address: "10.20.0.5", name: "web" }]);
  expect((await lab.core.plan(type, config, await lab.core.refresh(type, healed))).action).toBe("none");
});

test("a network that is gone is planned to be created", async () => {
  const { state } = await lab.core.apply(type, front);
  await lab.host.removeNetwork(idOf(state));
  await lab.configure();
  expect(await lab.core.refresh(type, state)).toBeNull();
});

test("an import by id or by lab and name gives the state of an apply, and an empty plan", async () => {
  const config = { ...front, reservations: { web: { mac, address: "10.20.0.5", name: "web" } }, records: { db: "10.20.0.9" } };
  const { state } = await lab.core.apply(type, config);
  for (const id of [idOf(state), "demo/front"]) {
    const imported = await lab.core.import(type, id);
    expect(imported).toEqual(state);
    expect((await lab.core.plan(type, config, imported)).action).toBe("none");
  }
});

test("a stranger's network is neither imported nor taken over, and the error says whose it is", async () => {
  await lab.core.apply(type, front);
  await lab.configure({ deployment: "d2" });
  await expect(lab.core.import(type, "demo/front")).rejects.toThrow('belongs to lab "demo" (deployment d1)');
  await expect(lab.core.apply(type, front)).rejects.toThrow("deployment d1");
});

test("a create whose answer was lost is taken over by the next apply", async () => {
  await lab.inject({ operation: "createNetwork", call: 1, when: "after", code: "HOST_LOST" });
  await expect(lab.core.apply(type, front)).rejects.toThrow("HOST_LOST");
  expect(await lab.left()).toMatchObject({ networks: 1 });
  const { state } = await lab.core.apply(type, front);
  expect(await lab.left()).toMatchObject({ networks: 1 });
  await lab.core.destroy(type, state);
  expect(await lab.left()).toMatchObject({ networks: 0 });
});

test.each([
  [{ name: "Front" }, ["name"]],
  [{ cidr: "10.20.0.1/24" }, ["cidr"]],
  [{ mode: "bridge" }, ["mode"]],
  [{ mode: "none" }, ["cidr"]],
  [{ mode: "bridged", cidr: null }, ["bridge"]],
  [{ mode: "bridged", cidr: null, interface: "eth0", vlan: 4 }, ["interface"]],
  [{ cidr: null }, ["cidr"]],
  [{ vlan: 4 }, ["vlan"]],
  [{ gateway: "10.21.0.1" }, ["gateway"]],
  [{ gateway: "10.20.0.255" }, ["gateway"]],
  [{ running: false }, ["running"]],
  [{ bridge: "a-bridge-too-long" }, ["bridge"]],
  [{ records: { db: "ten" } }, ["records"]],
  [{ reservations: { web: { mac: "02:00:00:00:00:0A", address: "10.20.0.5" } } }, ["reservations", "web", "mac"]],
  [{ reservations: { web: { mac, address: "10.20.0.1" } } }, ["reservations", "web", "address"]],
  [{ reservations: { a: { mac, address: "10.20.0.5" }, b: { mac, address: "10.20.0.6" } } }, ["reservations", "b", "mac"]],
  [
    { reservations: { a: { mac, address: "10.20.0.5" }, b: { mac: "02:00:00:00:00:06", address: "10.20.0.5" } } },
    ["reservations", "b", "address"],
  ],
])("%j is refused, with its path", (change, path) => {
  const [problem, ...others] = lab.core.validate(type, { ...front, ...change });
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ severity: "error", path });
});

test("what is not known yet is judged neither by rules nor by plans", async () => {
  const config = {
    name: "front",
    cidr: unknown,
    gateway: unknown,
    reservations: { web: { mac: unknown, address: unknown, name: unknown } },
    records: unknown,
  };
  expect(lab.core.validate(type, config)).toEqual([]);
  await lab.configure({ deployment: unknown, lab: unknown });
  const { planned, problems } = await lab.core.plan(type, config);
  expect(problems).toEqual([]);
  expect(planned).toMatchObject({ gateway: unknown, domain: unknown, change: "created" });
});
