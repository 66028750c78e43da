import { execFile, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { lstat, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostPaths } from "../../../../lib/host/host-directory.ts";
import { kvmHypervisor } from "../../../../lib/hypervisor/kvm/kvm-hypervisor.ts";
import type { NetworkRecord, Owner, SandboxRecord } from "../../../../lib/hypervisor/hypervisor.ts";
import type { DiskSpec, NetworkSpec, SandboxSpec } from "../../../../lib/hypervisor/provisioning.ts";
import { findPlacedImage, removePlacedImage } from "../../../../lib/images/placed-images.ts";
import { isoImage } from "../../../../lib/seed/iso-image.ts";
import { makeHost, tinyImage, type RemovableHost } from "../../../fixtures/embedded-host.ts";
import { countLeftovers, listBridges, nothingLeft } from "../../../fixtures/leftovers.ts";
import { sshInto, until, virsh, type TinyGuest } from "../../../fixtures/tiny-guest.ts";
import type { WorkElsewhere } from "./work-elsewhere.ts";

const run = promisify(execFile);
const mebibyte = 2 ** 20;
const deployment = `prov-${randomBytes(4).toString("hex")}`;
const digest = randomBytes(32).toString("hex");
const owner = (name: string, labels = {}): Owner => ({ deployment, lab: "shop", name, provider: "terrarium", labels });
const webMac = "02:77:00:00:00:0a";

let host: RemovableHost;
let driver: ReturnType<typeof kvmHypervisor>;
let bridgesBefore: readonly string[];
let front: NetworkRecord;
let back: NetworkRecord;
let web: SandboxRecord;
let spec: SandboxSpec;
let guest: TinyGuest;

const frontSpec: NetworkSpec = {
  owner: owner("front"),
  name: "shop-front",
  mode: "nat",
  cidr: "10.88.0.0/24",
  gateway: "10.88.0.1",
  domain: "front.shop.test",
  bridge: `tt-${deployment.slice(-8)}`,
  reservations: [{ mac: webMac, address: "10.88.0.10", name: "web" }],
  records: [{ address: "10.88.0.99", names: ["mail", "mail.front.shop.test"] }],
};

const ssh = (command: string, address = "10.88.0.10"): Promise<string> => sshInto(host, guest, address, command);

/** Ready when its console says so for the `boot`th time that this guest has booted. */
const booted = (boot: number): Promise<true> =>
  until(
    `boot ${boot}`,
    async () => {
      const console = (await readFile(guest.consoleLog, "utf8").catch(() => "")).replaceAll("\r", "");
      return console.includes(`boots=${boot}\n`) && console.includes("READY") ? true : undefined;
      // Emulated, beside other guests, and with a dozen NICs of which each asks for an address.
    },
    240_000,
  );

const lifeOf = (name: string): Promise<string> => readFile(join(hostPaths(host.name, host.root).run, "qemu", `${name}.pid`), "utf8");

/** Asks the network's DNS server, from inside the host's network namespace. */
async function resolve(name: string, server = "10.88.0.1"): Promise<string> {
  const script = `const r = new (require("node:dns").Resolver)({ timeout: 1000, tries: 2 }); r.setServers(["${server}"]);
    r.resolve4("${name}", (error, found) => console.log(error ? error.code : found.join()));`;
  return (await run("ip", ["netns", "exec", host.netns, process.execPath, "-e", script])).stdout.trim();
}

async function makeSeed(name: string, instance: string): Promise<string> {
  const [authorized, hostPrivate, hostPublic] = await Promise.all(
    ["key.pub", "host-key", "host-key.pub"].map((file) => readFile(join(host.disks, file), "utf8")),
  );
  const text = (content: unknown, header = ""): Buffer => Buffer.from(header + JSON.stringify(content));
  const userData = {
    users: [{ name: "admin", ssh_authorized_keys: [authorized?.trim()] }],
    ssh_keys: { ed25519_private: hostPrivate, ed25519_public: hostPublic?.trim() },
  };
  const file = join(host.disks, name);
  const files = [
    { path: "meta-data", content: text({ "instance-id": instance, "local-hostname": "web" }) },
    { path: "user-data", content: text(userData, "#cloud-config\n") },
  ];
  await writeFile(file, isoImage({ volumeId: "cidata", files }));
  return (await driver.createSeed({ owner: owner("web"), name, file })).id;
}

/** A directory with a virsh that does its work and kills who called it, at the call of that number. */
async function virshThatKills(call: number): Promise<string> {
  const directory = join(host.disks, `kills-${call}`);
  await mkdir(directory);
  const script = `#!/bin/sh
n=$(($(cat '${directory}/calls') + 1)); echo $n > '${directory}/calls'
PATH=/usr/local/bin:/usr/bin:/bin virsh "$@"; code=$?
[ $n -eq ${call} ] && kill -9 $PPID
exit $code
`;
  await writeFile(join(directory, "calls"), "0");
  await writeFile(join(directory, "virsh"), script, { mode: 0o755 });
  return directory;
}

/** Starts a process of its own, with the programs of a directory before all others. */
function elsewhere(work: WorkElsewhere, programs = "/usr/bin"): ReturnType<typeof spawn> {
  const script = fileURLToPath(new URL("work-elsewhere.ts", import.meta.url));
  return spawn(process.execPath, ["--import", "tsx", script, JSON.stringify(work)], {
    // What a killed one leaves of its files goes with the host.
    env: { ...process.env, PATH: `${programs}:${process.env["PATH"] ?? ""}`, TMPDIR: host.disks },
    stdio: ["ignore", "inherit", "inherit"],
  });
}

beforeAll(async () => {
  bridgesBefore = await listBridges();
  host = await makeHost();
  driver = kvmHypervisor(host.uri, { logDirectory: hostPaths(host.name, host.root).log });
  for (const name of ["key", "host-key"])
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", join(host.disks, name)]);
  const knownHosts = join(host.disks, "known_hosts");
  await writeFile(knownHosts, `shop-web ${await readFile(join(host.disks, "host-key.pub"), "utf8")}`);
  const consoleLog = join(hostPaths(host.name, host.root).log, "qemu/shop-web.console.log");
  guest = { id: "", name: "shop-web", mac: webMac, consoleLog, key: join(host.disks, "key"), knownHosts };
});

afterAll(async () => {
  for (const { id } of (await driver?.listSandboxes({ deployment })) ?? []) await driver.remove(id);
  for (const { name } of (await driver?.listPools()) ?? []) await driver.removePool(name, { volumes: true });
  await removePlacedImage(digest);
  await host?.remove();
});

test("reserved names and records resolve before any sandbox is there", async () => {
  front = await driver.createNetwork(frontSpec);
  back = await driver.createNetwork({
    ...{
      ...frontSpec,
      owner: owner("back"),
      name: "shop-back",
      mode: "isolated",
      cidr: "10.88.1.0/24",
      gateway: "10.88.1.1",
      domain: "back.shop.test",
    },
    ...{ bridge: undefined, reservations: [], records: [] },
  });
  expect(front).toMatchObject({ active: true, bridge: frontSpec.bridge, addresses: ["10.88.0.1/24"] });
  expect(back.bridge).toMatch(/^trm-/);
  const names = ["web", "web.front.shop.test", "mail", "mail.front.shop.test", "nobody.front.shop.test"];
  expect(await Promise.all(names.map((name) => resolve(name)))).toEqual([
    "10.88.0.10",
    "10.88.0.10",
    "10.88.0.99",
    "10.88.0.99",
    "ENOTFOUND",
  ]);
});

test("a sandbox made of an image, a disk and a seed boots, has its reserved address and answers over ssh", async () => {
  await driver.placeImage(await tinyImage(), digest);
  const root = await driver.createDisk({ owner: owner("web"), name: "web", sizeBytes: 96 * mebibyte, image: digest });
  spec = {
    ...{ owner: owner("web", { agent_id: "a & b" }), name: "shop-web", cpus: 1, memoryBytes: 96 * mebibyte, autostart: true },
    ...{
      disks: [root.id],
      seed: await makeSeed("web-1.iso", "web-1"),
      nics: [{ mac: webMac, network: front.id }],
      forwards: [],
      accelerator: "emulation",
    },
  };
  web = await driver.createSandbox(spec);
  expect(web).toMatchObject({ state: "off", autostart: true, emulated: true, agent: "disconnected" });
  await driver.start(web.id);
  await booted(1);
  expect(await ssh("hostname; cat /sys/block/vda/size; ls /sys/class/net | grep -c eth")).toBe(`web\n${(96 * mebibyte) / 512}\n1\n`);
  expect(await resolve("web")).toBe("10.88.0.10");
  for (const path of [root.path, spec.seed ?? ""]) expect((await lstat(path)).mode & 0o077).toBe(0);
});

test("the image is the same for lib/images, and cannot be written to or removed while a disk starts from it", async () => {
  expect(await findPlacedImage(digest)).toMatchObject({ virtualSize: 64 * mebibyte });
  expect((await run("lsattr", ["-d", (await driver.findImage(digest))?.path ?? ""]).catch(() => ({ stdout: "i" }))).stdout).toContain("i");
  await expect(driver.removeImage(digest)).rejects.toThrow(/IMAGE_IN_USE: .*web\.qcow2/);
});

test("labels, a NIC, its network and a disk change in the running guest, which sees them", async () => {
  const life = await lifeOf("shop-web");
  const data = await driver.createDisk({ owner: owner("web"), name: "web.data", sizeBytes: 16 * mebibyte });
  const second = { mac: "02:77:00:00:01:0a", network: back.id };
  const more = { ...spec, owner: owner("web", { tier: "<back>" }), disks: [...spec.disks, data.id], nics: [...spec.nics, second] };
  expect(driver.sandboxChange(spec, more)).toBe("live");
  expect((await driver.updateSandbox(web.id, more)).owner?.labels).toEqual({ tier: "<back>" });
  await until(
    "both in the guest",
    async () =>
      (await ssh("cat /sys/class/net/*/address; cat /sys/block/vdb/size || true")).endsWith(`${second.mac}\n00:00:00:00:00:00\n32768\n`)
        ? true
        : undefined,
    10_000,
  );

  const moved = await driver.updateSandbox(web.id, { ...more, nics: [...spec.nics, { ...second, network: front.id }] });
  expect(moved.nics.map(({ network }) => network)).toEqual(["shop-front", "shop-front"]);
  const bridgeOf = async (device = ""): Promise<string> => (await run("ip", ["-n", host.netns, "-j", "link", "show", device])).stdout;
  expect(await bridgeOf(moved.nics[1]?.device)).toContain(`"master":"${frontSpec.bridge}"`);

  await driver.updateSandbox(web.id, spec);
  expect(await ssh("ls /sys/class/net | grep -c eth; test -e /sys/block/vdb || echo gone")).toBe("1\ngone\n");
  expect(await lifeOf("shop-web")).toBe(life);
  for (const form of [[], ["--inactive"]])
    expect(await virsh(host, "dumpxml", web.id, ...form)).not.toMatch(/web\.data|02:77:00:00:01:0a|shop-back/);
  await driver.removeDisk(data.id);
});

test("a disk grows under the running guest, and is never shrunk", async () => {
  await driver.growDisk(spec.disks[0] ?? "", 128 * mebibyte);
  expect(await ssh("cat /sys/block/vda/size")).toBe(`${(128 * mebibyte) / 512}\n`);
  await expect(driver.growDisk(spec.disks[0] ?? "", 96 * mebibyte)).rejects.toThrow(/OUT_OF_RANGE/);
  expect(await ssh("cat /sys/block/vda/size")).toBe(`${(128 * mebibyte) / 512}\n`);
});

test("reservations change beside the running guest and resolve at once; what was edited by hand is put right", async () => {
  const reservations = [...frontSpec.reservations, { mac: "02:77:00:00:00:0b", address: "10.88.0.11", name: "db" }];
  await driver.updateNetwork(front.id, { ...frontSpec, reservations });
  expect(await Promise.all(["db", "db.front.shop.test", "web"].map((name) => resolve(name)))).toEqual([
    "10.88.0.11",
    "10.88.0.11",
    "10.88.0.10",
  ]);
  const update = (...words: string[]): Promise<string> => virsh(host, "net-update", front.id, ...words);
  // Something more in the running network, something less in the stored one.
  await update("add", "dns-host", "<host ip='10.88.0.55'><hostname>evil</hostname></host>", "--live");
  await update("delete", "ip-dhcp-host", "<host mac='02:77:00:00:00:0b'/>", "--config");
  await driver.updateNetwork(front.id, { ...frontSpec, reservations });
  expect(await resolve("evil")).not.toBe("10.88.0.55");
  expect(await virsh(host, "net-dumpxml", front.id, "--inactive")).toContain("02:77:00:00:00:0b");
  await driver.updateNetwork(front.id, frontSpec);
  expect(await resolve("db")).not.toBe("10.88.0.11");
  expect(await ssh("echo alive")).toBe("alive\n");
});

test("a network that was stopped by hand, or replaced, has its running guests again after an update", async () => {
  const life = await lifeOf("shop-web");
  await virsh(host, "net-destroy", front.id);
  expect(await driver.updateNetwork(front.id, frontSpec)).toMatchObject({ id: front.id, active: true });
  expect(await until("an answer", async () => await ssh("hostname").catch(() => undefined))).toBe("web\n");

  await driver.removeNetwork(front.id);
  front = await driver.createNetwork({ ...frontSpec, records: [] });
  spec = { ...spec, nics: [{ mac: webMac, network: front.id }] };
  expect(await driver.updateSandbox(web.id, spec)).toMatchObject({ nics: [{ mac: webMac, network: "shop-front" }] });
  expect(await until("an answer", async () => await ssh("hostname").catch(() => undefined))).toBe("web\n");
  await driver.updateNetwork(front.id, frontSpec);
  expect(await lifeOf("shop-web")).toBe(life);
  expect((await driver.listNetworks()).map(({ name }) => name)).toEqual(["shop-back", "shop-front"]);
});

test("another seed is read after a reboot that the update makes; CPUs change with it", async () => {
  const life = await lifeOf("shop-web");
  const former = spec.seed ?? "";
  spec = { ...spec, seed: await makeSeed("web-2.iso", "web-2"), cpus: 2, maxCpus: 3 };
  expect(await driver.updateSandbox(web.id, spec, { shutdownTimeout: 30_000 })).toMatchObject({ state: "running", cpus: 2 });
  expect(await lifeOf("shop-web")).not.toBe(life);
  await driver.removeSeed(former);
  await booted(2);
  expect(await ssh("tail -n 1 /var/lib/tiny/instances; grep -c ^processor /proc/cpuinfo")).toBe("web-2\n2\n");
});

test("a CPU comes into the running guest within their limit", async () => {
  const life = await lifeOf("shop-web");
  spec = { ...spec, cpus: 3 };
  expect(await driver.updateSandbox(web.id, spec)).toMatchObject({ state: "running", cpus: 3, maxCpus: 3 });
  const present = (): Promise<string> => ssh("ls /sys/devices/system/cpu | grep -c 'cpu[0-9]'");
  expect(await until("the third CPU", async () => ((await present()) === "3\n" ? true : undefined), 10_000)).toBe(true);
  expect(await lifeOf("shop-web")).toBe(life);
});

test("more NICs than there are slots to plug them in come with a reboot", async () => {
  const life = await lifeOf("shop-web");
  const many = Array.from({ length: 11 }, (_, index) => ({ mac: `02:77:00:00:02:${(16 + index).toString(16)}`, network: back.id }));
  const record = await driver.updateSandbox(web.id, { ...spec, nics: [...spec.nics, ...many] }, { shutdownTimeout: 30_000 });
  expect(record).toMatchObject({ state: "running" });
  expect(record.nics).toHaveLength(12);
  expect(await lifeOf("shop-web")).not.toBe(life);
  await booted(3);
  expect(await ssh("ls /sys/class/net | grep -c eth")).toBe("12\n");
  await driver.powerOff(web.id);
  await driver.updateSandbox(web.id, spec);
});

test("a guest that has not booted keeps its devices until the reboot that then follows", async () => {
  const second = { mac: "02:77:00:00:01:0a", network: back.id };
  await driver.updateSandbox(web.id, { ...spec, nics: [...spec.nics, second] });
  await driver.start(web.id);
  const record = await driver.updateSandbox(web.id, spec, { shutdownTimeout: 20_000 });
  expect(record).toMatchObject({ state: "running" });
  expect(record.nics.map(({ mac }) => mac)).toEqual([webMac]);
});

test("a snapshot of a running guest brings back what it had in memory, also of CPUs that came while it ran", async () => {
  await until("an answer", async () => await ssh("echo up").catch(() => undefined));
  const grown = { ...spec, cpus: 4, maxCpus: 4 };
  await driver.updateSandbox(web.id, { ...grown, cpus: 3 }, { shutdownTimeout: 30_000 });
  await until("an answer", async () => await ssh("echo up").catch(() => undefined));
  await driver.updateSandbox(web.id, grown);
  await ssh("echo before > /tmp/word");
  const snapshot = await driver.takeSnapshot(web.id, "before the change");
  await ssh("echo after > /tmp/word");
  await driver.restoreSnapshot(web.id, snapshot.id);
  expect(await until("an answer", async () => await ssh("cat /tmp/word").catch(() => undefined))).toBe("before\n");
  expect(await driver.readSandbox(web.id)).toMatchObject({ state: "running", cpus: 4, maxCpus: 4 });
  await driver.removeSnapshot(web.id, snapshot.id);
  await driver.remove(web.id);
});

test("what a killed process left half made is taken over, whenever it was killed", async () => {
  const network: NetworkSpec = {
    ...frontSpec,
    owner: owner("late"),
    name: "shop-late",
    cidr: "10.88.7.0/24",
    gateway: "10.88.7.1",
    bridge: undefined,
  };
  const late = { ...network, reservations: [{ mac: webMac, address: "10.88.7.10", name: "web" }], records: [] };
  const disk: DiskSpec = { owner: owner("late"), name: "late", sizeBytes: 96 * mebibyte, image: digest };
  const sandbox = { ...spec, owner: owner("late"), name: "shop-late", disks: [spec.disks[0] ?? ""], nics: [], seed: undefined };
  const step = process.env["TERRARIUM_TEST_FULL"] ? 1 : 3;
  let calls = 1;
  for (; ; calls += step) {
    const child = elsewhere({ uri: host.uri, network: late, disks: [disk], sandbox }, await virshThatKills(calls));
    const [code] = (await once(child, "exit")) as unknown[];
    if (code === 0) break;
    const made = await driver.createNetwork(late);
    expect(made).toMatchObject({ active: true, reservations: late.reservations });
    const { id } = await driver.createDisk(disk);
    expect(await driver.createSandbox(sandbox)).toMatchObject({ state: "off", owner: sandbox.owner });
    const [record, ...others] = (await driver.listSandboxes({ deployment })).filter(({ name }) => name === "shop-late");
    expect(others).toEqual([]);
    expect((await run("qemu-img", ["check", "-q", id])).stdout).toBe("");
    await driver.remove(record?.id ?? "");
    await driver.removeDisk(id);
    await driver.removeNetwork(made.id);
  }
  // It was killed between all its steps, and not by itself done at once.
  expect(calls).toBeGreaterThan(12);
  for (const { id } of await driver.listSandboxes({ deployment })) await driver.remove(id);
  await driver.removeDisk(`/var/lib/terrarium/pools/${deployment}-local/late.qcow2`);
  for (const { id } of (await driver.listNetworks({ deployment })).filter(({ name }) => name === "shop-late"))
    await driver.removeNetwork(id);
});

test("several processes make and remove disks in one pool that comes and goes", async () => {
  const mine = { ...owner("x"), deployment: `${deployment}-p` };
  const children = [1, 2, 3].map((process) => {
    const disks = Array.from({ length: 8 }, (_, index): DiskSpec => ({ owner: mine, name: `d${process}-${index}`, sizeBytes: mebibyte }));
    return elsewhere({ uri: host.uri, disks, thenRemove: true });
  });
  expect(await Promise.all(children.map(async (child) => (await once(child, "exit"))[0] as unknown))).toEqual([0, 0, 0]);
  expect((await driver.listPools()).map(({ name }) => name)).toEqual([`shop-${deployment}`]);
});

test("a host that does not share the file system gets images through libvirt", async () => {
  const remote = kvmHypervisor(host.uri.replace("qemu:///", "qemu+unix:///"));
  const other = randomBytes(32).toString("hex");
  expect(await remote.findImage(other)).toBeUndefined();
  expect(await driver.listPools()).toHaveLength(1);
  const image = await remote.placeImage(await tinyImage(), other);
  expect(image).toMatchObject({ digest: other, sizeBytes: 64 * mebibyte });
  const hash = async (file: string): Promise<string> =>
    createHash("sha256")
      .update(await readFile(file))
      .digest("hex");
  expect(await hash(image.path)).toBe(await hash(await tinyImage()));
  expect(await remote.placeImage("/nowhere", other)).toEqual(image);
  // Those that were put there beside libvirt count, too, and are never uploaded over.
  expect(await remote.findImage(digest)).toMatchObject({ digest, sizeBytes: 64 * mebibyte });
  const { id } = await remote.createDisk({ owner: owner("r"), name: "r", sizeBytes: 64 * mebibyte, image: other });
  await expect(remote.removeImage(other)).rejects.toThrow(/IMAGE_IN_USE/);
  await remote.removeDisk(id);
  await remote.removeImage(other);
  await remote.removeImage(other);
  expect(await remote.findImage(other)).toBeUndefined();
  const pool = (await driver.listPools()).find(({ path }) => path === "/var/lib/terrarium/images");
  if (pool) await virsh(host, "pool-destroy", pool.name).then(() => virsh(host, "pool-undefine", pool.name));
});

test("everything is removed and nothing is left", async () => {
  await driver.removeSeed(spec.seed ?? "");
  await driver.removeDisk(spec.disks[0] ?? "");
  await driver.removeImage(digest);
  // Also a network whose definition somebody has deleted.
  await rm(join(hostPaths(host.name, host.root).etc, "qemu/networks/shop-back.xml"));
  for (const { id } of [front, back]) await driver.removeNetwork(id);
  expect(await driver.listNetworks()).toEqual([]);
  const leftovers = await countLeftovers({ root: host.disks, hostDirectory: host.root, deployments: [deployment], bridgesBefore });
  expect({ ...leftovers, netns: [] }).toEqual(nothingLeft);
  expect(await driver.findImage(digest)).toBeUndefined();
});
