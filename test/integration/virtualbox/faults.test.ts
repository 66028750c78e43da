import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { DiagnosticError } from "../../../lib/diagnostics/diagnostic-error.ts";
import type { Owner } from "../../../lib/hypervisor/hypervisor.ts";
import type { NetworkSpec, SandboxSpec } from "../../../lib/hypervisor/provisioning.ts";
import { readRegistry } from "../../../lib/hypervisor/virtualbox/registry.ts";
import { virtualboxHypervisor } from "../../../lib/hypervisor/virtualbox/virtualbox-hypervisor.ts";
import { struckCases } from "../../fixtures/faults/struck-life.ts";
import { moment, struckProgram, type Moment } from "../../fixtures/faults/struck-program.ts";
import { privateVirtualBox, type PrivateVirtualBox } from "../../fixtures/virtualbox/private-host.ts";

const mebibyte = 2 ** 20;
const digest = "5".repeat(64);
/** VBoxSVC of the same private socket. */
const daemon = `for pid in $(pgrep -x VBoxSVC); do grep -qz "^VBOX_IPC_SOCKETID=$VBOX_IPC_SOCKETID$" /proc/$pid/environ && echo $pid; done`;

/** Moments are calls of VBoxManage; the driver's calls are the same whether a kernel driver is there or not, since nothing is started. */
const matrix = struckCases(["program", "daemon"], {
  create: [
    "clonemedium 1 before",
    "createvm 1 after",
    "snapshot 1 before",
    "setextradata 2 after",
    "dhcpserver 1 after",
    "createmedium 1 after",
    "modifymedium 1 before",
    "createvm 2 after",
    "storageattach 2 after",
    "modifyvm 2 before",
  ].map(moment),
  update: [
    "setextradata 1 after",
    "dhcpserver 1 after",
    "dhcpserver 2 before",
    "modifymedium 1 after",
    "createmedium 1 after",
    "snapshot 1 after",
    "setextradata 2 before",
    "modifyvm 1 after",
    "storageattach 2 before",
    "modifyvm 2 after",
  ].map(moment),
  destroy: [
    "controlvm 1 before",
    "snapshot 1 before",
    "snapshot 1 after",
    "storageattach 2 after",
    "unregistervm 1 before",
    "unregistervm 1 after",
    "closemedium 1 before",
    "closemedium 2 after",
    "dhcpserver 1 after",
    "setextradata 1 before",
  ].map(moment),
});

const only = process.env["TERRARIUM_TEST_POINTS"]?.split(",").map(Number);
const full = (process.env["TERRARIUM_TEST_FULL"] ?? "") !== "";
const sample = [7, 15];
const cases = matrix.filter((_, index) => (only ? only.includes(index) : full || sample.includes(index)));

const owner = (name: string, labels: Owner["labels"] = {}): Owner => ({
  deployment: "d1",
  lab: "shop",
  name,
  provider: "terrarium",
  labels,
});

function network(addresses: readonly string[]): NetworkSpec {
  return {
    owner: owner("net"),
    name: "shop-net",
    mode: "isolated",
    cidr: "10.9.0.0/24",
    gateway: "10.9.0.1",
    domain: "net.shop.test",
    reservations: addresses.map((address, index) => ({ mac: `02:09:00:00:00:0${index + 1}`, address })),
    records: [],
  };
}

/** A sandbox with everything that it needs, made, changed and removed; each of the three may be repeated. */
function life(host: PrivateVirtualBox, program: string) {
  const driver = virtualboxHypervisor({ ...host.options, program });
  const [image, file] = [join(host.scratch, "image.qcow2"), join(host.scratch, "seed.iso")];
  const disk = async (name: string, sizeMebibytes: number, from?: string): Promise<string> =>
    (await driver.createDisk({ owner: owner("web"), name, sizeBytes: sizeMebibytes * mebibyte, ...(from ? { image: from } : {}) })).id;
  const seed = async (name: string): Promise<string> => (await driver.createSeed({ owner: owner("web"), name, file })).id;
  const spec = (more: Pick<SandboxSpec, "disks" | "seed"> & Partial<SandboxSpec>): SandboxSpec => ({
    owner: owner("web"),
    name: "shop-web",
    cpus: 1,
    memoryBytes: 128 * mebibyte,
    autostart: false,
    nics: [{ mac: "02:09:00:00:00:01", network: made.network, address: "10.9.0.5" }],
    forwards: [ssh],
    ...more,
  });
  const ssh = { name: "ssh", protocol: "tcp", hostPort: 0, guestPort: 22 } as const;
  const made = { network: "", disks: [] as string[], seeds: [] as string[], sandbox: "" };
  return {
    driver,
    create: async (): Promise<void> => {
      await driver.placeImage(image, digest);
      made.network = (await driver.createNetwork(network(["10.9.0.5"]))).id;
      made.disks = [await disk("web", 24, digest), await disk("data", 16)];
      made.seeds = [await seed("web.iso")];
      made.sandbox = (await driver.createSandbox(spec({ disks: made.disks, seed: made.seeds[0] }))).id;
    },
    update: async (): Promise<void> => {
      await driver.updateNetwork(made.network, network(["10.9.0.5", "10.9.0.6"]));
      await driver.growDisk(made.disks[1] ?? "", 32 * mebibyte);
      made.disks[2] = await disk("extra", 8);
      if ((await driver.listSnapshots(made.sandbox)).length === 0) await driver.takeSnapshot(made.sandbox, "before");
      made.seeds[1] = await seed("web2.iso");
      const changes = { cpus: 2, owner: owner("web", { changed: "yes" }), forwards: [ssh, { ...ssh, name: "http", guestPort: 80 }] };
      await driver.updateSandbox(made.sandbox, spec({ disks: made.disks, seed: made.seeds[1], ...changes }));
      await driver.removeSeed(made.seeds[0] ?? "");
    },
    remove: async (): Promise<void> => {
      await driver.remove(made.sandbox);
      for (const id of made.disks) await driver.removeDisk(id);
      for (const id of made.seeds) await driver.removeSeed(id);
      await driver.removeNetwork(made.network);
      for (const { name } of await driver.listPools()) await driver.removePool(name, { volumes: true });
      await driver.removeImage(digest);
    },
    prepare: async (): Promise<void> => {
      await execa("qemu-img", ["create", "-q", "-f", "qcow2", image, String(16 * mebibyte)]);
      await execa("qemu-io", ["-c", "write -P 7 0 1M", image]);
      await writeFile(file, Buffer.alloc(64 * 1024));
    },
  };
}

test.each(cases)(
  "after a kill -9 of $victim at $create.command $create.call, in an update at $update.command $update.call, in removal at $destroy.command $destroy.call the same again finishes",
  async ({ victim, create, update, destroy }) => {
    const host = await privateVirtualBox();
    try {
      const real = host.options.program;
      const program = await struckProgram({ directory: join(host.scratch, "bin"), name: "VBoxManage", real, daemon });
      const one = life(host, program.path);
      await one.prepare();
      const struck = async (at: Moment, work: () => Promise<void>): Promise<void> => {
        await program.arm(at, victim);
        // Where VBoxManage can tell that nothing was done, the driver repeats by itself.
        const error: unknown = await work().catch((thrown: unknown) => thrown);
        expect(await program.disarm(), `${at.command} ${at.call}: ${String(error)}`).toBe(true);
        if (error !== undefined) expect(error).toBeInstanceOf(DiagnosticError);
        await work();
      };

      await struck(create, one.create);
      const made = await one.driver.listSandboxes();
      expect(made).toMatchObject([{ name: "shop-web", cpus: 1, forwards: [{ name: "ssh" }] }]);
      // Two disks and the seed.
      expect(made[0]?.disks.filter(({ file }) => file !== undefined)).toHaveLength(3);

      await struck(update, one.update);
      const changed = await one.driver.listSandboxes();
      expect(changed).toMatchObject([{ id: made[0]?.id, cpus: 2, owner: { labels: { changed: "yes" } } }]);
      expect(changed[0]?.forwards?.map(({ name }) => name).sort()).toEqual(["http", "ssh"]);
      expect(changed[0]?.disks.filter(({ file }) => file !== undefined)).toHaveLength(4);
      expect(await one.driver.listSnapshots(made[0]?.id ?? "")).toHaveLength(1);

      await struck(destroy, one.remove);
      const { machines, media, natNetworks, extraData, dhcpServers } = readRegistry(
        await readFile(join(host.home, "VirtualBox.xml"), "utf8"),
        host.home,
      );
      const servers = dhcpServers.filter(({ network: name }) => !name.startsWith("HostInterface"));
      expect([machines, [...media], natNetworks, [...extraData], servers]).toEqual([[], [], [], [], []]);
      expect((await host.files()).filter((name) => name !== "ports.json")).toEqual([]);
    } finally {
      await host.remove();
    }
  },
);
