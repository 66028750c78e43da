import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fetchImage } from "../../../../lib/images/fetch-image.ts";
import type { ImageProgress } from "../../../../lib/images/progress.ts";
import { inPrivateNamespace, requirePrograms } from "../../../../lib/images/programs.ts";
import { debianImage } from "../../../fixtures/debian-image.ts";

const tools = ["mmdebstrap", "extlinux", "sfdisk", "mke2fs", "qemu-img", "setpriv", "unshare", "mount"] as const;
const cannotBuild = await whyNot();
let directory: string;
let disk: string;

async function whyNot(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return "building an image from packages needs root";
  return requirePrograms(tools, "building an image").then(
    () => undefined,
    (error: unknown) => String(error),
  );
}

/** A file of the image, read with debugfs: nothing is mounted. */
async function fileOfImage(path: string): Promise<string> {
  const { stdout } = await execa("debugfs", ["-R", `cat ${path}`, `${disk}?offset=1048576`], { stripFinalNewline: false });
  return stdout;
}

async function namesOfImage(path: string): Promise<string[]> {
  const { stdout } = await execa("debugfs", ["-R", `ls -p ${path}`, `${disk}?offset=1048576`]);
  return stdout.split("\n").flatMap((line) => line.split("/")[5] ?? []);
}

/** Everything that a build could leave behind on the machine. */
async function traces(of: string): Promise<string[]> {
  const [mounts, loops, processes] = await Promise.all([
    readFile("/proc/self/mountinfo", "utf8"),
    execa("losetup", ["--all"]).then(({ stdout }) => stdout),
    execa("ps", ["-eo", "args"]).then(({ stdout }) => stdout),
  ]);
  return `${mounts}\n${loops}\n${processes}`.split("\n").filter((line) => line.includes(of));
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "terrarium-bootstrap-"));
  if (cannotBuild !== undefined) return;
  disk = join(directory, "disk.raw");
  await execa("qemu-img", ["convert", "-f", "qcow2", "-O", "raw", (await debianImage()).path, disk]);
}, 600_000);

afterAll(async () => {
  await rm(directory, { recursive: true });
});

test.skipIf(cannotBuild !== undefined)("the image has one bootable partition with a root file system and boot code", async () => {
  const table = JSON.parse((await execa("sfdisk", ["--json", disk])).stdout) as { partitiontable: unknown };
  expect(table.partitiontable).toMatchObject({ label: "dos", partitions: [{ start: 2048, type: "83", bootable: true }] });
  const { stdout } = await execa("blkid", ["-p", "-O", "1048576", "-o", "export", disk]);
  expect(stdout).toContain("LABEL=rootfs\n");
  await execa("e2fsck", ["-fn", `${disk}?offset=1048576`]);
  expect(await namesOfImage("/boot/extlinux")).toEqual(expect.arrayContaining(["extlinux.conf", "ldlinux.sys", "ldlinux.c32"]));
  expect(await namesOfImage("/")).toEqual(expect.arrayContaining(["vmlinuz", "initrd.img"]));
});

test.skipIf(cannotBuild !== undefined)(
  "the image belongs to nobody yet: no host keys, no machine-id, no host name, nothing of this machine",
  async () => {
    expect((await namesOfImage("/etc/ssh")).filter((name) => name.startsWith("ssh_host_"))).toEqual([]);
    expect(await namesOfImage("/etc")).not.toContain("hostname");
    expect(await fileOfImage("/etc/machine-id")).toBe("");
    expect(await namesOfImage("/etc/apt/apt.conf.d")).not.toContain("99mmdebstrap");
  },
);

test.skipIf(cannotBuild !== undefined)("the image has what a sandbox needs", async () => {
  const installed = await fileOfImage("/var/lib/dpkg/status");
  for (const name of ["cloud-init", "openssh-server", "qemu-guest-agent", "systemd-resolved", "netplan.io", "cloud-guest-utils", "sudo"]) {
    expect(installed).toContain(`Package: ${name}\nStatus: install ok installed`);
  }
  expect(installed).not.toContain("Package: ifupdown\n");
  expect(await fileOfImage("/etc/cloud/cloud.cfg")).toMatch(/name: debian\b/);
});

test.skipIf(cannotBuild !== undefined)("a package that does not exist is one error that names it, and nothing is left", async () => {
  const cacheDirectory = join(directory, "unknown package");
  const source = { kind: "bootstrap", distribution: "debian", suite: "bookworm", packages: ["no-such-package-here"] } as const;
  await expect(fetchImage(source, { cacheDirectory })).rejects.toMatchObject({
    diagnostics: [{ code: "IMAGE_BOOTSTRAP_FAILED", detail: expect.stringContaining("no-such-package-here") }],
  });
  expect((await readdir(cacheDirectory)).filter((name) => !name.endsWith(".lock"))).toEqual([]);
  expect(await traces(cacheDirectory)).toEqual([]);
});

test.skipIf(cannotBuild !== undefined)("an aborted build ends with everything it started", async () => {
  const cacheDirectory = join(directory, "aborted");
  const controller = new AbortController();
  const onProgress = ({ step }: ImageProgress): void => {
    if (step?.startsWith("extracting") === true) controller.abort(new Error("the user said stop"));
  };
  const source = { kind: "bootstrap", distribution: "debian", suite: "bookworm", packages: ["nano"] } as const;
  await expect(fetchImage(source, { cacheDirectory, onProgress, signal: controller.signal })).rejects.toThrow("the user said stop");
  expect((await readdir(cacheDirectory)).filter((name) => !name.endsWith(".lock"))).toEqual([]);
  expect(await traces(cacheDirectory)).toEqual([]);
});

test.skipIf(cannotBuild !== undefined)("what runs in a namespace of its own dies with the process that started it", async () => {
  const marker = join(directory, "marker");
  const [program, args] = inPrivateNamespace([
    "sh",
    "-c",
    'mount -t tmpfs none "$1"; echo mounted; sleep 600 & exec sleep 600',
    marker,
    directory,
  ]);
  const script = join(directory, "start.mjs");
  await writeFile(
    script,
    `import { spawn } from "node:child_process";
     spawn(${JSON.stringify(program)}, ${JSON.stringify(args)}, { stdio: ["ignore", "inherit", "inherit"], detached: true });`,
  );
  const parent = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(parent.stdout, "data");
  expect(await traces(marker)).not.toEqual([]);
  parent.kill("SIGKILL");
  // The pipe ends when the last one that holds it is dead.
  await once(parent.stdout, "close");
  await expect.poll(() => traces(marker), { timeout: 10_000 }).toEqual([]);
});

test.skipIf(cannotBuild !== undefined)("a build that is killed is healed by the next one", async () => {
  const cacheDirectory = join(directory, "killed");
  const script = join(directory, "build.mts");
  const module = join(import.meta.dirname, "../../../../lib/images/fetch-image.ts");
  await writeFile(
    script,
    `import { fetchImage } from ${JSON.stringify(module)};
     const source = { kind: "bootstrap", distribution: "debian", suite: "bookworm", packages: JSON.parse(process.argv[2]) };
     await fetchImage(source, { cacheDirectory: process.argv[3], onProgress: ({ step }) => process.stdout.write(step + "\\n") });`,
  );
  const build = spawn(process.execPath, ["--import", "tsx", script, "[]", cacheDirectory], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const chunk of build.stdout) if (String(chunk).includes("extracting")) build.kill("SIGKILL");
  await expect.poll(() => traces(cacheDirectory), { timeout: 10_000 }).toEqual([]);
  const left = (await readdir(cacheDirectory)).filter((name) => name.endsWith(".work"));
  expect(left).toHaveLength(1);

  const controller = new AbortController();
  const onProgress = ({ step }: ImageProgress): void => {
    if (step?.startsWith("downloading") === true) controller.abort(new Error("seen enough"));
  };
  const source = { kind: "bootstrap", distribution: "debian", suite: "bookworm", packages: [] } as const;
  await expect(fetchImage(source, { cacheDirectory, onProgress, signal: controller.signal })).rejects.toThrow("seen enough");
  expect((await readdir(cacheDirectory)).filter((name) => !name.endsWith(".lock"))).toEqual([]);
});
