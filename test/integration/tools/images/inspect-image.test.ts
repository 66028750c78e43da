import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { checkImage } from "../../../../lib/images/check-image.ts";
import { checkLabImages } from "../../../../lib/deploy/check-images.ts";
import type { Lab } from "../../../../lib/lab/lab.ts";
import { inspectImage } from "../../../../lib/images/inspect/inspect-image.ts";
import { judgeBase } from "../../../../lib/images/preflight/checks.ts";
import { debianImage, hardWiredImage, hardWiredMac } from "../../../fixtures/debian-image.ts";
import { goodFiles } from "../../../images/preflight/guest.ts";
import { runTerrarium } from "../../../cli/run-terrarium.ts";
import { guestDisk, temporaryFolder } from "./guest-disks.ts";
import { qemuImg } from "./disks.ts";

const files: Readonly<Record<string, string>> = {
  ...goodFiles,
  "/lib": "-> usr/lib",
  "/etc/NetworkManager/system-connections/Wired connection 1.nmconnection": "[ethernet]\nmac-address=52:54:00:AA:BB:CC\n",
  "/etc/NetworkManager/system-connections/it's $(odd)\n.nmconnection": "mac-address=52:54:00:AA:BB:DD\n",
  // What looks like another answer of debugfs is but a text.
  "/var/lib/cloud/data/instance-id": "# mark\ndebugfs: ls -p /\n",
};

test.each([
  { table: "gpt", fileSystem: "ext4" },
  { table: "dos", fileSystem: "ext4" },
  { table: "none", fileSystem: "ext4" },
  { table: "gpt", fileSystem: "btrfs" },
] as const)("a guest's files are read from $fileSystem in a disk with table $table", async ({ table, fileSystem }) => {
  const folder = await temporaryFolder();
  const path = await guestDisk(folder, files, { table, fileSystem });
  const found = await inspectImage({ path, format: "raw" });
  if (!found.seen) throw new Error(found.why);
  expect(found.root.content).toBe(fileSystem);
  expect(found.disk.table).toBe(table === "dos" ? "mbr" : table);
  expect(found.tree.texts).toMatchObject({
    "/etc/os-release": files["/etc/os-release"],
    "/usr/lib/modules/6.1.0-9-amd64/modules.dep": files["/usr/lib/modules/6.1.0-9-amd64/modules.dep"],
    "/etc/NetworkManager/system-connections/Wired connection 1.nmconnection": "[ethernet]\nmac-address=52:54:00:AA:BB:CC\n",
    "/var/lib/cloud/data/instance-id": "# mark\ndebugfs: ls -p /\n",
  });
});

test.each(["qcow2", "vmdk", "vdi"] as const)("%s shows the same as raw, and nothing is left mounted", async (format) => {
  const folder = await temporaryFolder();
  const raw = await guestDisk(folder, files);
  const path = join(folder, `disk.${format}`);
  await qemuImg("convert", "-f", "raw", "-O", format, raw, path);
  expect(await inspectImage({ path, format })).toEqual(await inspectImage({ path: raw, format: "raw" }));
  expect(await readFile("/proc/self/mounts", "utf8")).not.toContain("terrarium-look");
  expect((await readdir(tmpdir())).filter((name) => name.startsWith("terrarium-look"))).toEqual([]);
});

test("a disk without a Linux root file system cannot be looked into, and that stops nothing", async () => {
  const folder = await temporaryFolder();
  const path = await guestDisk(folder, { "/data/file": "x" });
  expect(await inspectImage({ path, format: "raw" })).toMatchObject({
    seen: false,
    why: "no Linux root file system was found (only ext4)",
  });
  expect(await runTerrarium(folder, ["images", "check", path])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("could not look inside"),
  });
});

test("the Debian image of the tests is fine, and the second look costs one small file", async () => {
  const image = await debianImage();
  const cacheDirectory = await temporaryFolder();
  const checked = await checkImage(image.path, image.digest, { cacheDirectory });
  if (!checked.seen) throw new Error(checked.why);
  const findings = judgeBase(checked.base, { hypervisor: "kvm", seeds: ["nocloud"] });
  expect(findings.filter(({ verdict }) => verdict !== "fine")).toEqual([]);
  expect(await checkImage("/nowhere", image.digest, { cacheDirectory })).toEqual(checked);
});

test("an image that cannot work ends `images check` with 1", async () => {
  const folder = await temporaryFolder();
  const path = await guestDisk(folder, { ...files, "/etc/cloud/cloud-init.disabled": "" });
  const { exitCode, stdout } = await runTerrarium(folder, ["images", "check", path, "--json"]);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    findings: expect.arrayContaining([expect.objectContaining({ check: "cloud-init", verdict: "cannot" })]),
  });
});

test("a new sandbox with a seed is refused such an image; one without a seed, and one that runs on it already, are not", async () => {
  const folder = await temporaryFolder();
  const path = await guestDisk(folder, { ...files, "/etc/cloud/cloud-init.disabled": "" });
  const lab = (seed: string): Lab =>
    ({
      hypervisor: "kvm",
      images: { mine: { name: "mine", digest: "ab".repeat(32), source: { kind: "path", path } } },
      sandboxes: { web: { name: "web", writtenAs: "web", image: "mine", seed } },
    }) as unknown as Lab;
  const places = { labDirectory: folder, cacheDirectory: folder, env: {} };
  expect(await checkLabImages(lab("nocloud"), places)).toMatchObject([
    { code: "IMAGE_CANNOT_WORK", severity: "error", path: ["images", "mine"], summary: expect.stringContaining("(cloud-init:") },
    { code: "IMAGE_CANNOT_WORK", summary: expect.stringContaining("(mac-addresses:") },
  ]);
  expect(await checkLabImages(lab("none"), places)).toEqual([]);
  expect(await checkLabImages(lab("nocloud"), { ...places, applied: lab("nocloud") })).toEqual([]);
  expect(await checkLabImages(lab("nocloud"), { ...places, env: { TERRARIUM_SKIP_IMAGE_CHECK: "1" } })).toEqual([]);
});

test("a base that another machine ran from is cured: instance-id, machine-id and a network bound to that machine's MAC", async () => {
  const path = await hardWiredImage(await temporaryFolder());
  const checked = await checkImage(path, "cd".repeat(32), { cacheDirectory: await temporaryFolder() });
  if (!checked.seen) throw new Error(checked.why);
  const findings = judgeBase(checked.base, { hypervisor: "kvm", seeds: ["nocloud"] });
  expect(findings.filter(({ verdict }) => verdict !== "fine")).toMatchObject([
    { check: "instance-id", verdict: "cured", found: "centos-base-image, of a former machine" },
    { check: "machine-id", verdict: "cured" },
    { check: "mac-addresses", verdict: "cured", found: `/etc/systemd/network/05-wired.network (${hardWiredMac})` },
  ]);
});
