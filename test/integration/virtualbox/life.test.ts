import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Owner, SandboxRecord } from "../../../lib/hypervisor/hypervisor.ts";
import type { SandboxSpec } from "../../../lib/hypervisor/provisioning.ts";
import { readRegistry, type Registry } from "../../../lib/hypervisor/virtualbox/registry.ts";
import { virtualboxHypervisor } from "../../../lib/hypervisor/virtualbox/virtualbox-hypervisor.ts";
import { privateVirtualBox, type PrivateVirtualBox } from "../../fixtures/virtualbox/private-host.ts";

const mebibyte = 2 ** 20;
const digest = randomBytes(32).toString("hex");
const owner = (name: string): Owner => ({ deployment: "d1", lab: "shop", name, provider: "terrarium", labels: {} });

let host: PrivateVirtualBox;
let image: string;
let driver: ReturnType<typeof virtualboxHypervisor>;

beforeAll(async () => {
  host = await privateVirtualBox();
  driver = virtualboxHypervisor(host.options);
  image = join(host.scratch, "image.qcow2");
  await execa("qemu-img", ["create", "-q", "-f", "qcow2", image, String(16 * mebibyte)]);
  await execa("qemu-io", ["-c", "write -P 7 0 1M", image]);
});
afterAll(async () => {
  await host?.remove();
});

const registry = async (): Promise<Registry> => readRegistry(await readFile(join(host.home, "VirtualBox.xml"), "utf8"), host.home);
const sha256 = async (path: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
const spec = (name: string, more: Partial<SandboxSpec> = {}): SandboxSpec => ({
  owner: owner(name),
  name: `shop-${name}`,
  cpus: 1,
  memoryBytes: 128 * mebibyte,
  autostart: false,
  disks: [],
  nics: [],
  forwards: [],
  ...more,
});

/** Everything goes, whatever a test made; then nothing may be left. */
afterEach(async () => {
  for (const { id } of await driver.listSandboxes()) await driver.remove(id);
  for (const { id } of await driver.listNetworks()) await driver.removeNetwork(id);
  for (const { name } of await driver.listPools()) await driver.removePool(name, { volumes: true });
  await driver.removeImage(digest);
  await expectNothingLeft();
});

async function expectNothingLeft(): Promise<void> {
  const { machines, media, natNetworks, extraData, dhcpServers } = await registry();
  expect({
    machines,
    media: [...media],
    natNetworks,
    extraData: [...extraData],
    dhcpServers: dhcpServers.filter(({ network }) => !network.startsWith("HostInterface")),
  }).toEqual({
    machines: [],
    media: [],
    natNetworks: [],
    extraData: [],
    dhcpServers: [],
  });
  expect((await host.files()).filter((file) => file !== "ports.json")).toEqual([]);
}

describe("networks", () => {
  test("a network on a host-only interface gives its sandboxes a host-only adapter", async () => {
    const network = await driver.createNetwork({
      ...{ owner: owner("host"), name: "shop-host", mode: "bridged", interface: "vboxnet0", reservations: [], records: [] },
    });
    const nics = [{ mac: "02:00:00:00:00:0a", network: network.id }];
    const made = await driver.createSandbox(spec("web", { nics }));
    const info = await host.manage("showvminfo", made.id, "--machinereadable");
    expect(info).toContain('nic1="hostonly"');
    expect(info).toContain('hostonlyadapter1="vboxnet0"');
    expect((await driver.readSandbox(made.id))?.nics).toEqual([{ mac: "02:00:00:00:00:0a", network: "shop-host" }]);
    // Made again, it is the same.
    expect(await driver.createSandbox(spec("web", { nics }))).toEqual(made);
  });
});

describe("images", () => {
  test("the image never changes: not by disks, snapshots, growth, nor with the last disk made from it", async () => {
    const { path } = await driver.placeImage(image, digest);
    const before = await sha256(path);
    const one = await driver.createDisk({ owner: owner("one"), name: "one", sizeBytes: 16 * mebibyte, image: digest });
    const two = await driver.createDisk({ owner: owner("two"), name: "two", sizeBytes: 64 * mebibyte, image: digest });
    const first = await driver.createSandbox(spec("one", { disks: [one.id] }));
    const second = await driver.createSandbox(spec("two", { disks: [two.id] }));
    await driver.takeSnapshot(first.id, "a");
    await driver.growDisk(one.id, 32 * mebibyte);
    await driver.remove(first.id);
    await driver.removeDisk(one.id);
    await driver.remove(second.id);
    await driver.removeDisk(two.id);
    expect(await driver.findImage(digest)).toMatchObject({ path });
    expect(await sha256(path)).toBe(before);
    // It still serves.
    const again = await driver.createDisk({ owner: owner("one"), name: "again", sizeBytes: 16 * mebibyte, image: digest });
    expect(again).toMatchObject({ image: digest, sizeBytes: 16 * mebibyte });
  });

  test("a disk shows its image's content", async () => {
    await driver.placeImage(image, digest);
    const { path } = await driver.createDisk({ owner: owner("web"), name: "web", sizeBytes: 16 * mebibyte, image: digest });
    const raw = join(host.scratch, "content.raw");
    await host.manage("clonemedium", "disk", path, raw, "--format", "RAW");
    const content = await readFile(raw);
    expect(content.length).toBe(16 * mebibyte);
    expect([content[0], content[mebibyte - 1], content[mebibyte]]).toEqual([7, 7, 0]);
    await host.manage("closemedium", "disk", raw, "--delete");
  });

  test.each(["raw", "vmdk", "vdi", "qcow2 -c"])("an image can be %s, too", async (format) => {
    const [name = "", ...flags] = format.split(" ");
    const file = join(host.scratch, `other.${name}`);
    await execa("qemu-img", ["convert", ...flags, "-O", name, image, file]);
    expect(await driver.placeImage(file, digest)).toMatchObject({ digest, sizeBytes: 16 * mebibyte });
    await rm(file);
  });

  test("an image compressed with zstd is converted where qemu-img is installed", async () => {
    const file = join(host.scratch, "zstd.qcow2");
    await execa("qemu-img", ["convert", "-c", "-O", "qcow2", "-o", "compression_type=zstd", image, file]);
    expect(await driver.placeImage(file, digest)).toMatchObject({ sizeBytes: 16 * mebibyte });
    await rm(file);
  });

  test("what is left of a killed placing is no image, and is made anew", async () => {
    const { path } = await driver.placeImage(image, digest);
    await rm(join(path, "..", "image.json"));
    expect(await driver.findImage(digest)).toBeUndefined();
    expect(await driver.placeImage(image, digest)).toMatchObject({ path });
  });
});

describe("seeds", () => {
  test("a seed is readable by its owner only, in the deployment's folder", async () => {
    const file = join(host.scratch, "seed.iso");
    await writeFile(file, Buffer.alloc(64 * 1024), { mode: 0o644 });
    const { path } = await driver.createSeed({ owner: owner("web"), name: "web.iso", file });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(path, ".."))).mode & 0o077).toBe(0);
    expect(path).toContain("/pools/shop-d1/seeds/");
  });
});

describe("forwards", () => {
  const forwards = [{ name: "ssh", protocol: "tcp" as const, hostPort: 0, guestPort: 22 }];

  test("a sandbox in isolated networks only gets a NIC for them that the lab does not see", async () => {
    const { id: network } = await driver.createNetwork({
      owner: owner("back"),
      name: "shop-back",
      mode: "isolated",
      cidr: "10.9.0.0/24",
      gateway: "10.9.0.1",
      domain: "back.shop.test",
      reservations: [],
      records: [],
    });
    const nics = [{ mac: "02:09:00:00:00:01", network, address: "10.9.0.5" }];
    const { id, forwards: made, nics: seen } = await driver.createSandbox(spec("web", { nics, forwards }));
    expect(seen).toEqual([{ mac: "02:09:00:00:00:01", network }]);
    expect(made).toMatchObject([{ name: "ssh", guestPort: 22 }]);
    const info = await host.manage("showvminfo", id, "--machinereadable");
    expect(info).toContain('nic1="intnet"');
    expect(info).toContain('nic2="nat"');
    expect(info).toContain(`Forwarding(0)="ssh,tcp,127.0.0.1,${made?.[0]?.hostPort},,22"`);
    expect(await driver.updateSandbox(id, spec("web", { nics, forwards }))).toMatchObject({ forwards: made });
    expect(await driver.updateSandbox(id, spec("web", { nics }))).toMatchObject({ forwards: [] });
    expect(await host.manage("showvminfo", id, "--machinereadable")).toContain('nic2="none"');
  });

  test("a sandbox in a NAT network gets its rules there, and they go with it", async () => {
    const { id: network } = await driver.createNetwork({
      owner: owner("front"),
      name: "shop-front",
      mode: "nat",
      cidr: "10.8.0.0/24",
      gateway: "10.8.0.1",
      domain: "front.shop.test",
      reservations: [{ mac: "02:08:00:00:00:01", address: "10.8.0.5" }],
      records: [],
    });
    const nics = [{ mac: "02:08:00:00:00:01", network, address: "10.8.0.5" }];
    const { id, forwards: made } = await driver.createSandbox(spec("web", { nics, forwards }));
    expect(await host.manage("natnetwork", "list", "shop-front")).toContain(
      `${id}.ssh:tcp:[127.0.0.1]:${made?.[0]?.hostPort}:[10.8.0.5]:22`,
    );
    expect(await host.manage("showvminfo", id, "--machinereadable")).toContain('nic2="none"');
    await driver.remove(id);
    expect(await host.manage("natnetwork", "list", "shop-front")).not.toContain(id);
  });

  test("processes at the same time give nobody the same port", async () => {
    const ran = await Promise.all(
      [1, 2].map((process) => createInProcess([1, 2].map((number) => spec(`p${process}-${number}`, { forwards })))),
    );
    const ports = ran.flatMap(({ records }) => records.flatMap(({ forwards: made = [] }) => made.map(({ hostPort }) => hostPort)));
    expect(ports).toHaveLength(4);
    expect(new Set(ports).size).toBe(4);
  });

  test("a port that is no port, or belongs to another sandbox, is refused, since VirtualBox would take it", async () => {
    const { id } = await driver.createSandbox(spec("web", { forwards: [{ ...forwards[0]!, hostPort: 28_123 }] }));
    await expect(driver.createSandbox(spec("db", { forwards: [{ ...forwards[0]!, hostPort: 28_123 }] }))).rejects.toThrow(
      /PORT_TAKEN.*28123/,
    );
    for (const hostPort of [65_536, -1, 1.5])
      await expect(driver.updateSandbox(id, spec("web", { forwards: [{ ...forwards[0]!, hostPort }] }))).rejects.toThrow(/OUT_OF_RANGE/);
    await expect(driver.updateSandbox(id, spec("web", { forwards: [{ ...forwards[0]!, guestPort: 70_000 }] }))).rejects.toThrow(
      /OUT_OF_RANGE/,
    );
    expect((await driver.readSandbox(id))?.forwards).toMatchObject([{ hostPort: 28_123 }]);
  });
});

describe("power", () => {
  test.skipIf(existsSync("/dev/vboxdrv"))("without the kernel driver a start says exactly that, and the sandbox goes cleanly", async () => {
    const { id } = await driver.createSandbox(spec("web"));
    await expect(driver.start(id)).rejects.toMatchObject({
      diagnostics: [
        {
          code: "DRIVER_MISSING",
          summary: expect.stringContaining("shop-web") as string,
          nextStep: expect.stringContaining("modprobe vboxdrv") as string,
        },
      ],
    });
    expect(await driver.readSandbox(id)).toMatchObject({ state: "off" });
    expect(await driver.readConsoleTail(id)).toEqual(Buffer.alloc(0));
    expect(await driver.consoleFile(id)).toBe(driver.consoleCommand(id).at(-1));
    await driver.remove(id);
  });

  test("the host says what it is", async () => {
    const facts = await driver.readHost();
    expect(facts).toMatchObject({ hypervisor: "VirtualBox", hypervisorVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string });
    expect(facts.cpus).toBeGreaterThan(0);
    expect(facts.memoryBytes).toBeGreaterThan(2 ** 29);
  });
});

describe("what goes wrong", () => {
  test("settings that are there and not registered are made anew", async () => {
    const first = await driver.createSandbox(spec("web"));
    await host.manage("unregistervm", first.id);
    const again = await driver.createSandbox(spec("web", { cpus: 2 }));
    expect(again).toMatchObject({ name: "shop-web", cpus: 2 });
    expect(await driver.listSandboxes()).toEqual([again]);
  });

  test("a sandbox whose settings somebody deleted is made anew", async () => {
    const disk = await driver.createDisk({ owner: owner("web"), name: "web", sizeBytes: 16 * mebibyte });
    const first = await driver.createSandbox(spec("web", { disks: [disk.id] }));
    const settings = (await registry()).machines.find(({ id }) => id === first.id)?.file ?? "";
    const pid = await host.daemon();
    if (pid !== undefined) process.kill(pid, "SIGKILL");
    await rm(join(settings, ".."), { recursive: true });
    expect(await driver.readSandbox(first.id)).toBeUndefined();
    const again = await driver.createSandbox(spec("web", { disks: [disk.id] }));
    expect(await driver.listSandboxes()).toEqual([again]);
    expect(again.disks).toMatchObject([{ file: disk.path }]);
  });

  test.each([150, 450, 900, 1500])(
    "a process killed %i ms into making sandboxes leaves nothing that the same again cannot take over",
    async (delay) => {
      const specs = ["a", "b"].map((name) => spec(name, { forwards: [{ name: "ssh", protocol: "tcp", hostPort: 0, guestPort: 22 }] }));
      await createInProcess(specs, delay);
      const made = [await driver.createSandbox(specs[0]!), await driver.createSandbox(specs[1]!)];
      expect(await driver.listSandboxes()).toEqual(made);
      expect(made.map(({ owner: whose, forwards }) => [whose?.name, forwards?.length])).toEqual([
        ["a", 1],
        ["b", 1],
      ]);
    },
  );

  test.each([60, 200, 500])("a daemon killed %i ms into making disks and sandboxes is survived", async (delay) => {
    const make = async (): Promise<SandboxRecord> => {
      await driver.placeImage(image, digest);
      const { id } = await driver.createDisk({ owner: owner("web"), name: "web", sizeBytes: 24 * mebibyte, image: digest });
      return await driver.createSandbox(spec("web", { disks: [id] }));
    };
    const first = make().then(
      () => "made",
      () => "failed",
    );
    await sleep(delay);
    const pid = await host.daemon();
    if (pid !== undefined) process.kill(pid, "SIGKILL");
    expect(["made", "failed"]).toContain(await first);
    const record = await make();
    expect(await driver.listSandboxes()).toEqual([record]);
    expect(record.disks.filter(({ file }) => file !== undefined)).toHaveLength(1);
    expect((await driver.listDisks(record.disks.flatMap(({ file }) => file ?? []))).size).toBe(1);
  });
});

/** Makes sandboxes in another process, which is killed after some time if that is given. */
async function createInProcess(specs: readonly SandboxSpec[], killAfter?: number): Promise<{ readonly records: readonly SandboxRecord[] }> {
  const file = join(host.scratch, `${randomBytes(4).toString("hex")}.json`);
  await writeFile(file, JSON.stringify({ options: host.options, specs }));
  const script = join(import.meta.dirname, "../../fixtures/virtualbox/create-sandbox.ts");
  const child = execa(process.execPath, ["--import", "tsx", script, file], { reject: killAfter === undefined, stdin: "ignore" });
  if (killAfter !== undefined) {
    // From when it has begun: starting Node takes longer than anything here.
    while (child.exitCode === null && !(await host.files()).some((name) => name.startsWith("locks/"))) await sleep(10);
    await sleep(killAfter);
    child.kill("SIGKILL");
  }
  const { stdout } = await child;
  return {
    records: stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as SandboxRecord),
  };
}
