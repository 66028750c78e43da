import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Problem } from "../../../../lib/provider/framework/problem.ts";
import type { Row } from "../../../../lib/provider/framework/schema-type.ts";
import type { Client } from "../../../../lib/provider/resources/client.ts";
import { serveInProcess, type ServedProvider } from "../../../../lib/provider/serve/serve-in-process.ts";
import { terrariumProvider } from "../../../../lib/provider/resources/provider.ts";
import { addressOf, connectPlugin, type PluginClient } from "../../../fixtures/provider/plugin-client.ts";
import { wireCalls } from "../../../fixtures/provider/wire-calls.ts";
import { randomConfig, type Pools, type RandomConfig } from "../../../fixtures/provider/random-config.ts";
import { idOf, SmallCore, SmallCoreError } from "../../../fixtures/provider/small-core.ts";

let directory: string;
let provider: ServedProvider;
let client: PluginClient;
beforeAll(async () => {
  provider = await serveInProcess(terrariumProvider);
  client = connectPlugin(addressOf(provider.reattach));
  directory = await mkdtemp(join(tmpdir(), "terrarium-fuzz-"));
  await writeFile(join(directory, "image.img"), Buffer.alloc(4096));
  await writeFile(join(directory, "a.iso"), "a");
  await writeFile(join(directory, "b.iso"), "b");
});
afterAll(async () => {
  client.close();
  await provider.close();
  await rm(directory, { recursive: true, force: true });
});

/** Names that messages of our own mistakes have: an exception, a plan or result that Core would refuse. */
const ourFault = /bug in the provider|The provider failed to|The provider's|the final plan differs|Cannot read|is not a function|undefined/;

function blameNobody(problems: readonly Problem[]): void {
  for (const { summary, detail = "" } of problems) expect(`${summary}\n${detail}`).not.toMatch(ourFault);
}

/** A host in memory of its own, with something to refer to. */
async function scene(): Promise<{ core: SmallCore<Client>; pools: Pools }> {
  // Over gRPC, as Terraform does it.
  const core = new SmallCore<Client>(terrariumProvider, wireCalls(terrariumProvider, client));
  await core.configure({ hypervisor: "memory", lab: "demo", deployment: "d1" });
  const id = async (kind: string, config: Readonly<Record<string, unknown>>): Promise<string> =>
    idOf((await core.apply(`terrarium_${kind}`, config)).state);
  const networks = [
    await id("network", { name: "n1", cidr: "10.1.0.0/24" }),
    await id("network", { name: "n2", cidr: "10.2.0.0/24", mode: "isolated" }),
  ];
  const disks = [
    await id("disk", { name: "d1", size: "1MiB" }),
    await id("disk", { name: "d2", size: "1MiB" }),
    await id("disk", { name: "d3", size: "1MiB" }),
  ];
  const seeds = [await id("seed", { name: "s1", revision: "1" }), await id("seed", { name: "s1", revision: "2" })];
  const image = await id("image", { source: join(directory, "image.img") });
  const sandbox = await id("sandbox", { name: "other", disks: disks.slice(2) });
  const addresses = ["10.20.0.1", "10.20.0.5", "10.20.0.6", "10.20.0.255", "10.21.0.1"];
  const macs = Array.from({ length: 9 }, (_, index) => `02:00:00:00:00:0${index}`);
  return {
    core,
    pools: {
      name: ["web", "db", "web-2"],
      mode: ["nat", "isolated", "routed", "bridged", "none"],
      interface: ["eth0"],
      vlan: [10],
      openvswitch: [false],
      cidr: ["10.20.0.0/24", "10.21.0.0/24"],
      gateway: ["10.20.0.1", "10.20.0.254"],
      domain: ["a.test", "b"],
      bridge: ["br-a", "br-b"],
      mtu: [1400, 9000],
      stp: [false],
      nat_ports: ["1024-65535", "20000-30000"],
      dns_servers: ["10.20.0.53", "10.9.0.1"],
      "reservations key": ["a", "b", "web/2"],
      mac: macs,
      address: addresses,
      records: addresses,
      "records key": ["db", "db.back"],
      running: [true],
      source: [join(directory, "image.img"), join(directory, "nowhere.img")],
      sha256: [image, "b".repeat(64)],
      size: ["1MiB", "1024KiB", "2MiB", "8GiB"],
      image: [image, "c".repeat(64)],
      file: [join(directory, "a.iso"), join(directory, "b.iso"), "a.iso"],
      revision: ["1", "2"],
      user_data: ["#cloud-config\n{}\n", "#!/bin/sh\n"],
      vendor_data: ["#cloud-config\n{}\n"],
      meta_data: ["instance-id: a\n"],
      network_config: ["version: 2\n"],
      cpus: [1, 2],
      max_cpus: [2, 4],
      max_memory: ["1GiB", "2GiB"],
      memory: ["512MiB", "0.5GiB", "1GiB"],
      disks: disks.slice(0, 2),
      seed: seeds,
      network: networks,
      protocol: ["tcp", "udp"],
      host_address: ["127.0.0.1", "0.0.0.0"],
      host_port: [8080, 2222],
      guest_port: [22, 80],
      "forwards key": ["ssh", "web"],
      labels: ["x", ""],
      "labels key": ["a", "b.c"],
      protect: [false, true],
      shutdown_timeout: ["60s", "1m", "5s"],
      sandbox: [sandbox],
      create: ["5m"],
      update: ["5m"],
      delete: ["5m"],
    },
  };
}

/** Applies a random configuration; the state it comes to, or the former one where it is refused. */
async function applyRandom(
  core: SmallCore<Client>,
  type: string,
  { known, planned }: RandomConfig,
  prior: Row | null,
): Promise<{ state: Row | null; made: boolean }> {
  const plan = await core.plan(type, planned, prior);
  blameNobody(plan.problems);
  if (plan.problems.length > 0 || (await core.plan(type, known, prior)).problems.length > 0) return { state: prior, made: false };
  try {
    const { state } = await core.apply(type, planned, prior, known);
    const refreshed = await core.refresh(type, state);
    expect(refreshed).toEqual(state);
    expect((await core.plan(type, known, refreshed)).action).toBe("none");
    return { state, made: true };
  } catch (error) {
    if (!(error instanceof SmallCoreError)) throw error;
    blameNobody(error.problems);
    return { state: plan.action === "replace" ? error.state : (error.state ?? prior), made: false };
  }
}

const served = ["cidr", "gateway", "domain", "reservations", "records", "dns_servers"];
const ofOwnBridges = ["mtu", "stp"];
const ofBridges = ["interface", "vlan", "openvswitch"];

/** Most without the keys that a network of their mode has no use for: else hardly any would get as far as the host. */
function fitting(type: string, config: fc.Arbitrary<RandomConfig>): fc.Arbitrary<RandomConfig> {
  if (type !== "terrarium_network") return config;
  return fc.tuple(config, fc.integer({ min: 0, max: 9 })).map(([{ known, planned }, digit]) => {
    const bridged = known["mode"] === "bridged";
    const others = bridged || known["mode"] === "none" ? served : [];
    const bridges = bridged ? (known["bridge"] === null ? ["vlan"] : ["interface"]) : ofBridges;
    const settings = [...(bridged ? ofOwnBridges : []), ...(known["mode"] === "nat" ? [] : ["nat_ports"])];
    const left = Object.fromEntries((digit === 0 ? [] : [...others, ...bridges, ...settings]).map((key) => [key, null]));
    return { known: { ...known, ...left }, planned: { ...planned, ...left } };
  });
}

/** A state that may be destroyed. */
function unprotected(state: Row): Row {
  return Object.hasOwn(state, "protect") ? { ...state, protect: false } : state;
}

/** Of each of six resources. */
const runs = 340;

test.each(terrariumProvider.resources.map(({ type }) => type))(
  "%s: random configurations are refused or made, changed or left, and destroyed; never against Core's rules",
  async (type) => {
    const { core, pools } = await scene();
    const config = fitting(type, randomConfig(core.runtime.schemaOf(type), pools));
    let made = 0;
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(config, config, async (first, second) => {
        const created = await applyRandom(core, type, first, null);
        if (created.made) made++;
        const updated = created.made ? await applyRandom(core, type, second, created.state) : created;
        if (created.made && updated.made) changed++;
        if (updated.state) await core.destroy(type, unprotected(updated.state));
      }),
      { numRuns: runs },
    );
    // Random, but not in vain.
    expect(made).toBeGreaterThan(runs / 20);
    if (type !== "terrarium_snapshot") expect(changed).toBeGreaterThan(0);
  },
);

test.each(terrariumProvider.resources.map(({ type }) => type))(
  "%s: states of the former version are upgraded or refused, never more",
  async (type) => {
    const { core, pools } = await scene();
    const schema = core.runtime.schemaOf(type);
    const kept = fc.subarray(Object.keys(schema));
    const anything = fc.dictionary(fc.constantFrom(...Object.keys(schema), "gone"), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(randomConfig(schema, pools), kept, anything, fc.boolean(), async ({ known }, names, garbage, clean) => {
        const { state } = await applyRandom(core, type, { known, planned: known }, null);
        const whole = state ?? known;
        // A state as an older version may have written it: what it did not know yet is not there.
        const older = Object.fromEntries(
          Object.entries(whole).filter(([name]) => names.includes(name) || schema[name]?.required === true || name === "id"),
        );
        const { row, problems } = await core.upgrade(type, 0, clean ? older : { ...older, ...garbage });
        blameNobody(problems);
        expect(row === undefined).toBe(problems.length > 0);
        if (clean && state) {
          // It still is this object: a refresh brings back what the older version did not know.
          expect(problems).toEqual([]);
          const refreshed = await core.refresh(type, row ?? {});
          expect(refreshed?.["id"]).toBe(state["id"]);
          const plan = await core.plan(type, known, refreshed);
          blameNobody(plan.problems);
        }
        if (state) await core.destroy(type, unprotected(state));
      }),
      { numRuns: 60 },
    );
  },
);
