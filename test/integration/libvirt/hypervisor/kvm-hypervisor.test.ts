import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Hypervisor } from "../../../../lib/hypervisor/hypervisor.ts";
import { kvmHypervisor } from "../../../../lib/hypervisor/kvm/kvm-hypervisor.ts";
import { makeHost, type RemovableHost } from "../../../fixtures/embedded-host.ts";
import { defineGuest, sshInto, startNetwork, until, virsh, type TinyGuest } from "../../../fixtures/tiny-guest.ts";

const owner = (name: string, deployment = "d-1"): string =>
  `<metadata><t:terrarium xmlns:t="https://terrarium.internal/xmlns/1" deployment="${deployment}" lab="shop" name="${name}" provider="libvirt"><t:label key="agent_id">a &amp; b</t:label></t:terrarium></metadata>`;

let host: RemovableHost;
let hypervisor: Hypervisor;
let guest: TinyGuest;
let networkId: string;

beforeAll(async () => {
  host = await makeHost();
  hypervisor = kvmHypervisor(host.uri);
  networkId = await startNetwork(host, { metadata: owner("net") });
  guest = await defineGuest(host, { metadata: owner("web"), agent: true });
});

afterAll(async () => {
  await host?.remove();
});

test("the host's facts are read", async () => {
  const facts = await hypervisor.readHost();
  expect(facts).toMatchObject({ hypervisor: "QEMU", architecture: "x86_64" });
  expect(facts.libraryVersion).toMatch(/^\d+\.\d+\.\d+$/);
  expect(facts.cpus).toBeGreaterThan(0);
  expect(facts.memoryBytes).toBeGreaterThan(2 ** 28);
});

test("a sandbox that is off is listed with its owner, NICs and disks, and a stranger's is not among a lab's own", async () => {
  await defineGuest(host, { name: "stranger", number: 9 });
  expect(await hypervisor.listSandboxes({ lab: "shop" })).toMatchObject([
    {
      id: guest.id,
      name: "web",
      owner: { deployment: "d-1", lab: "shop", name: "web", provider: "libvirt", labels: { agent_id: "a & b" } },
      state: "off",
      cpus: 1,
      memoryBytes: 128 * 2 ** 20,
      autostart: false,
      emulated: true,
      nics: [{ mac: guest.mac, network: "net" }],
      disks: [
        { target: "vda", kind: "disk" },
        { target: "sda", kind: "cdrom" },
      ],
      consoleLog: guest.consoleLog,
      agent: "disconnected",
    },
  ]);
  expect((await hypervisor.listSandboxes()).map(({ name, owner }) => [name, owner?.lab])).toEqual([
    ["stranger", undefined],
    ["web", "shop"],
  ]);
  expect(await hypervisor.listNetworks({ deployment: "d-1" })).toMatchObject([
    { id: networkId, name: "net", active: true, mode: "isolated", bridge: "tt-net", addresses: ["10.77.0.1/24"], owner: { name: "net" } },
  ]);
});

test("a sandbox starts, gets an address, answers over ssh, reboots, and shuts down on request", async () => {
  await hypervisor.start(guest.id);
  await hypervisor.start(guest.id);
  const [address] = await until("a lease", async () => {
    const found = (await hypervisor.readAddresses([guest.id], "lease")).get(guest.id);
    return found?.length ? found : undefined;
  });
  expect(address).toMatchObject({ mac: guest.mac, family: "ipv4", prefix: 24 });
  await until("READY on the console", async () => ((await hypervisor.readConsoleTail(guest.id)).includes("READY") ? true : undefined));
  expect(await sshInto(host, guest, address?.address ?? "", "hostname; cat /var/lib/tiny/boots")).toBe("web\n1\n");
  expect(await hypervisor.readSandbox(guest.id)).toMatchObject({ state: "running", reason: "booted" });
  const [counters] = (await hypervisor.readNicCounters([guest.id])).get(guest.id) ?? [];
  expect(counters).toMatchObject({ mac: guest.mac });
  expect(counters?.txBytes).toBeGreaterThan(0);
  await expect(hypervisor.readGuestFile(guest.id, "/etc/hostname")).rejects.toMatchObject({ diagnostics: [{ code: "AGENT_DOWN" }] });
  expect((await hypervisor.readAddresses([guest.id], "agent")).get(guest.id)).toEqual([]);

  await hypervisor.reboot(guest.id);
  // READY comes after the guest listens to its power button.
  await until("the second boot", async () => {
    const console = (await hypervisor.readConsoleTail(guest.id)).toString();
    return console.includes("boots=2") && console.split("READY").length > 2 ? true : undefined;
  });

  expect(await hypervisor.shutdown(guest.id, { timeout: 60_000 })).toBe("shutdown");
  expect(await hypervisor.readSandbox(guest.id)).toMatchObject({ state: "off", reason: "shutdown" });
  expect(await hypervisor.shutdown(guest.id)).toBe("already-off");
});

test("QEMU runs as an unprivileged user", async () => {
  await hypervisor.start(guest.id);
  const pid = (await readFile(join(host.directory, "run/qemu/web.pid"), "utf8")).trim();
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).not.toBe("0");
  await hypervisor.powerOff(guest.id);
});

test("a guest that does not react is cut off, and that is said", async () => {
  await hypervisor.start(guest.id);
  // Its firmware has not even loaded the kernel.
  expect(await hypervisor.shutdown(guest.id, { timeout: 1000 })).toBe("power-cut");
  expect(await hypervisor.readSandbox(guest.id)).toMatchObject({ state: "off", reason: "destroyed" });
  await hypervisor.powerOff(guest.id);
});

test("a killed QEMU shows as crashed", async () => {
  await hypervisor.start(guest.id);
  process.kill(Number((await readFile(join(host.directory, "run/qemu/web.pid"), "utf8")).trim()), "SIGKILL");
  const record = await until("the crash", async () => {
    const found = await hypervisor.readSandbox(guest.id);
    return found?.state === "running" ? undefined : found;
  });
  expect(record).toMatchObject({ state: "crashed", reason: "crashed" });
});

test("an image is uploaded once, byte for byte, and a half upload is not taken for done", async () => {
  const file = join(host.disks, "source.img");
  await writeFile(file, randomBytes(300_001));
  const target = { directory: join(host.disks, "images"), fileName: "a.qcow2" };
  expect(await hypervisor.hasImage(target)).toBe(false);
  const path = await hypervisor.uploadImage(file, target);
  expect(path).toBe(join(target.directory, target.fileName));
  expect((await readFile(path)).equals(await readFile(file))).toBe(true);
  expect(await hypervisor.hasImage(target)).toBe(true);

  const [pool] = await hypervisor.listPools();
  await hypervisor.removeVolume(pool?.name ?? "", "a.qcow2.complete");
  expect(await hypervisor.hasImage(target)).toBe(false);
  await hypervisor.uploadImage(file, target);
  expect((await hypervisor.listVolumes(pool?.name ?? "")).map(({ name }) => name)).toEqual(["a.qcow2", "a.qcow2.complete"]);

  await hypervisor.removePool(pool?.name ?? "", { volumes: true });
  await hypervisor.removePool(pool?.name ?? "", { volumes: true });
  expect(await hypervisor.listPools()).toEqual([]);
  await expect(readFile(path)).rejects.toMatchObject({ code: "ENOENT" });
});

test("removing is idempotent and leaves nothing", async () => {
  for (const { id } of await hypervisor.listSandboxes()) {
    await hypervisor.remove(id);
    await hypervisor.remove(id);
  }
  await hypervisor.removeNetwork(networkId);
  await hypervisor.removeNetwork(networkId);
  expect(await hypervisor.listSandboxes()).toEqual([]);
  expect(await hypervisor.listNetworks()).toEqual([]);
  expect(await virsh(host, "net-list", "--all", "--name")).toBe("");
  expect(await virsh(host, "list", "--all", "--name")).toBe("");
});

test("a missing sandbox is told as such, and a host that is not there too", async () => {
  const nobody = "00000000-0000-4000-8000-000000000000";
  expect(await hypervisor.readSandbox(nobody)).toBeUndefined();
  await expect(hypervisor.start(nobody)).rejects.toMatchObject({ diagnostics: [{ code: "OBJECT_NOT_FOUND" }] });
  const nowhere = kvmHypervisor(`qemu:///system?socket=${host.root}/none`);
  await expect(nowhere.listSandboxes()).rejects.toMatchObject({ diagnostics: [{ code: "HOST_UNREACHABLE" }] });
});

test("a libvirtd that hangs ends in HOST_TIMEOUT", async () => {
  const pid = Number((await readFile(join(host.directory, "libvirtd.pid"), "utf8")).trim());
  process.kill(pid, "SIGSTOP");
  try {
    await expect(kvmHypervisor(host.uri, { timeout: 700 }).listSandboxes()).rejects.toMatchObject({
      diagnostics: [{ code: "HOST_TIMEOUT" }],
    });
  } finally {
    process.kill(pid, "SIGCONT");
  }
});
