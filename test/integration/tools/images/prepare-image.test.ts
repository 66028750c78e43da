import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { goodFiles } from "../../../images/preflight/guest.ts";
import { runTerrarium } from "../../../cli/run-terrarium.ts";
import { hardWiredImage } from "../../../fixtures/debian-image.ts";
import { guestDisk, temporaryFolder } from "./guest-disks.ts";
import { qemuImg } from "./disks.ts";

const mac = "52:54:00:aa:bb:cc";
const secret = "the private half of a former machine's key";
const ifcfg = "/etc/sysconfig/network-scripts/ifcfg-eth0";
const long = `# ${"x".repeat(9000)}\n`;
const used: Readonly<Record<string, string>> = {
  ...goodFiles,
  "/etc/machine-id": `${"ab12".repeat(8)}\n`,
  "/var/lib/dbus/machine-id": `${"ab12".repeat(8)}\n`,
  "/var/lib/cloud/data/instance-id": "i-old\n",
  "/var/lib/cloud/instances/i-old/sem/config_ssh": "",
  "/var/lib/cloud/instances/i-old/user-data.txt": "#cloud-config\npassword: hunter2\n",
  "/var/lib/cloud/instance": "-> /var/lib/cloud/instances/i-old",
  "/etc/ssh/ssh_host_rsa_key": secret,
  "/etc/ssh/ssh_host_rsa_key.pub": "ssh-rsa AAAA",
  [ifcfg]: `${long}DEVICE=eth0\nHWADDR=${mac}\nONBOOT=yes\n`,
  "/etc/udev/rules.d/70-persistent-net.rules": `SUBSYSTEM=="net", ATTR{address}=="${mac}", NAME="eth0"\n`,
  "/etc/NetworkManager/system-connections/Wired connection 1.nmconnection": `[ethernet]\nmac-address=${mac}\n`,
};
const offset = 1024 ** 2;

/** What is not fine, by `images check`. */
async function findings(folder: string, image: string): Promise<string[]> {
  const { stdout } = await runTerrarium(folder, ["images", "check", image, "--json"]);
  const { findings: found } = JSON.parse(stdout) as { findings: { check: string; verdict: string }[] };
  return found.filter(({ verdict }) => verdict !== "fine").map(({ check }) => check);
}

/** A file's text, its facts, and what e2fsck says. */
async function fileSystem(folder: string, image: string) {
  const raw = join(folder, "seen.raw");
  await qemuImg("convert", "-f", "qcow2", "-O", "raw", image, raw);
  const ask = async (command: string): Promise<string> =>
    (await execa("/usr/sbin/debugfs", ["-R", command, `${raw}?offset=${offset}`], { stripFinalNewline: false })).stdout;
  const checked = await execa("/usr/sbin/e2fsck", ["-fn", `${raw}?offset=${offset}`], { reject: false });
  return {
    ask,
    exitCode: checked.exitCode,
    holds: async (text: string) => (await execa("grep", ["-qaF", text, raw], { reject: false })).exitCode === 0,
  };
}

const sum = async (path: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");

test("a used VM's disk becomes an image without that machine's identity; the disk itself is untouched, and nothing removed is left in free space", async () => {
  const folder = await temporaryFolder();
  const raw = await guestDisk(folder, used);
  const path = join(folder, "vm.qcow2");
  await qemuImg("convert", "-f", "raw", "-O", "qcow2", raw, path);
  const before = await sum(path);
  expect(await findings(folder, path)).toEqual(["instance-id", "machine-id", "host-keys", "mac-addresses", "udev-rules"]);

  expect((await runTerrarium(folder, ["images", "check", "vm.qcow2"])).stdout).toContain("→ terrarium images prepare vm.qcow2 --out FILE");
  const { exitCode, stdout, stderr } = await runTerrarium(folder, ["images", "prepare", "vm.qcow2", "--out", "base.qcow2"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(/^instance-id +removed: everything in \/var\/lib\/cloud$/m);
  expect(stdout).toMatch(/^mac-addresses +removed: the lines HWADDR/m);
  expect(stdout).toContain("--remove-network-files");
  expect(await sum(path)).toBe(before);
  expect((await readdir(folder)).filter((name) => name.startsWith(".base"))).toEqual([]);

  // The NetworkManager file was not asked to go.
  expect(await findings(folder, join(folder, "base.qcow2"))).toEqual(["mac-addresses"]);
  const after = await fileSystem(folder, join(folder, "base.qcow2"));
  expect(after.exitCode).toBe(0);
  expect(await after.ask(`cat ${ifcfg}`)).toBe(`${long}DEVICE=eth0\nONBOOT=yes\n`);
  expect(await after.ask("stat /etc/machine-id")).toMatch(/Type: regular[^]*Size: 0\b/);
  expect(await after.ask("ls /var/lib/cloud")).not.toMatch(/data|instance/);
  expect(await after.holds("DEVICE=eth0")).toBe(true);
  expect(await after.holds(secret)).toBe(false);
  expect(await after.holds("hunter2")).toBe(false);
});

test("network files that are bound to a MAC go where that is asked for; --json says what was done", async () => {
  const folder = await temporaryFolder();
  const path = await guestDisk(folder, used, { table: "dos" });
  const args = ["images", "prepare", path, "--out", "base.qcow2", "--remove-network-files", "--json"];
  const { exitCode, stdout } = await runTerrarium(folder, args);
  expect({ exitCode, document: JSON.parse(stdout) as unknown }).toMatchObject({
    exitCode: 0,
    document: {
      ok: true,
      preparations: [
        { check: "instance-id" },
        { check: "machine-id", done: "emptied: /etc/machine-id; removed: /var/lib/dbus/machine-id" },
        { check: "host-keys" },
        { check: "mac-addresses", done: expect.stringContaining("Wired connection 1") as string },
        { check: "udev-rules" },
      ],
    },
  });
  expect(await findings(folder, join(folder, "base.qcow2"))).toEqual([]);
});

test("the Debian image that another machine ran from is as good as new", async () => {
  const folder = await temporaryFolder();
  const path = await hardWiredImage(folder);
  const args = ["images", "prepare", path, "--out", "base.qcow2", "--remove-network-files"];
  expect(await runTerrarium(folder, args)).toMatchObject({ exitCode: 0 });
  expect(await findings(folder, join(folder, "base.qcow2"))).toEqual([]);
  expect((await fileSystem(folder, join(folder, "base.qcow2"))).exitCode).toBe(0);
});

test("what cannot be prepared says what to do in the VM, and leaves no file", async () => {
  const folder = await temporaryFolder();
  const btrfs = await guestDisk(folder, used, { fileSystem: "btrfs" });
  const refused = await runTerrarium(folder, ["images", "prepare", btrfs, "--out", "base.qcow2"]);
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("btrfs, not ext4") as string });
  expect(refused.stderr).toContain("cloud-init clean");
  const apart = await guestDisk(await temporaryFolder(), {
    ...used,
    "/etc/fstab": "UUID=1 / ext4 defaults 0 1\nUUID=2 /var ext4 defaults 0 2\n",
  });
  expect((await runTerrarium(folder, ["images", "prepare", apart, "--out", "base.qcow2"])).stderr).toContain("/var is a file system");
  expect((await readdir(folder)).filter((name) => name.includes("base"))).toEqual([]);
});

test("a file that is there is not replaced", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "base.qcow2"), "mine");
  const { exitCode, stderr } = await runTerrarium(folder, ["images", "prepare", "x", "--out", "base.qcow2"]);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("FILE_EXISTS") as string });
  expect(await readFile(join(folder, "base.qcow2"), "utf8")).toBe("mine");
});
