import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { probeAccelerator, runProbeGuest } from "../../../../lib/host/accelerator.ts";
import { downEmbedded } from "../../../../lib/host/down.ts";
import { listEmbedded, readEmbedded } from "../../../../lib/host/embedded-host.ts";
import { ensureHost } from "../../../../lib/host/ensure-host.ts";
import { hostPaths } from "../../../../lib/host/host-directory.ts";
import { releaseEmbedded, useEmbedded } from "../../../../lib/host/host-users.ts";
import { upEmbedded, upSteps } from "../../../../lib/host/up.ts";
import { kvmHypervisor } from "../../../../lib/hypervisor/kvm/kvm-hypervisor.ts";
import { isInstalled } from "../../../../lib/host/prerequisites.ts";
import { withHost } from "../../../fixtures/embedded-host.ts";
import { defineGuest, startNetwork, until, virsh } from "../../../fixtures/tiny-guest.ts";

const run = promisify(execFile);

/** Everything on the machine that names this directory or namespace: processes, mounts, namespaces. Zombies of a lazy init do not count. */
async function traces(root: string, netns: string): Promise<string[]> {
  const { stdout: namespaces } = await run("ip", ["netns", "list"]);
  const mounts = await readFile("/proc/self/mounts", "utf8");
  const { stdout: processes } = await run("ps", ["-eo", "stat=,pid=,args="]);
  const own = processes.split("\n").filter((line) => !line.startsWith("Z") && (line.includes(root) || line.includes(netns)));
  return [
    ...namespaces.split("\n").filter((line) => line.includes(netns)),
    ...mounts.split("\n").filter((line) => line.includes(root) || line.includes(netns)),
    ...own.filter((line) => !line.includes("ps -eo")),
  ];
}

async function withRoot<T>(work: (root: string) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), "trm-"));
  try {
    return await work(root);
  } finally {
    for (const name of await readdir(root)) {
      if (!name.startsWith(".") && !name.includes("-disks")) await downEmbedded(name, { root, force: true, purge: true });
    }
    await rm(root, { recursive: true, force: true });
  }
}

test("up is idempotent, only root reaches its socket, and down leaves nothing", async () => {
  await withRoot(async (root) => {
    const host = await upEmbedded("a", { root, uplink: "none" });
    expect(host).toMatchObject({ up: true, onDemand: false, uri: `qemu:///system?socket=${root}/a/run/libvirt-sock` });
    const pid = await readFile(join(host.directory, "libvirtd.pid"), "utf8");
    expect(await upEmbedded("a", { root })).toEqual(host);
    expect(await readFile(join(host.directory, "libvirtd.pid"), "utf8")).toBe(pid);
    expect((await stat(join(host.directory, "run/libvirt-sock"))).mode & 0o777).toBe(0o700);
    expect(await listEmbedded({ root })).toEqual([host]);
    expect(await traces(root, host.netns)).not.toEqual([]);

    expect(await downEmbedded("a", { root })).toBe("removed");
    expect(await traces(root, host.netns)).toEqual([]);
    expect(await readEmbedded("a", { root })).toBeUndefined();
    expect(await downEmbedded("a", { root })).toBe("absent");
    await expect(access(host.directory)).rejects.toMatchObject({ code: "ENOENT" });
  });
});

test("two starts at once give one host", async () => {
  await withRoot(async (root) => {
    const [one, two] = await Promise.all([upEmbedded("a", { root, uplink: "none" }), upEmbedded("a", { root, uplink: "none" })]);
    expect(two).toEqual(one);
    const { stdout } = await run("ip", ["netns", "pids", one.netns]);
    expect(stdout.trim().split("\n")).toHaveLength(2);
  });
});

test("a start that is killed at any step is healed by the next one", async () => {
  const program = fileURLToPath(new URL("up-until.ts", import.meta.url));
  for (const step of upSteps) {
    await withRoot(async (root) => {
      const child = spawn(process.execPath, ["--import", "tsx", program, root, step], { stdio: "inherit" });
      const [, signal] = (await once(child, "exit")) as [number | null, string | null];
      expect(signal, step).toBe("SIGKILL");
      const host = await upEmbedded("a", { root, uplink: "none" });
      expect((await kvmHypervisor(host.uri).readHost()).hypervisor, step).toBe("QEMU");
      expect(await downEmbedded("a", { root }), step).toBe("removed");
      expect(await traces(root, host.netns), step).toEqual([]);
    });
  }
});

test("a namespace of which only the file is left, and stale pid files, do not mislead", async () => {
  await withRoot(async (root) => {
    const { netns, directory } = hostPaths("a", root);
    await upEmbedded("a", { root, uplink: "none" });
    await downEmbedded("a", { root });
    await writeFile(`/run/netns/${netns}`, "");
    await mkdir(directory, { recursive: true });
    // A process that lives and is none of ours.
    await writeFile(join(directory, "libvirtd.pid"), `${process.pid}\n`);
    expect(await upEmbedded("a", { root, uplink: "none" })).toMatchObject({ up: true });
  });
});

test("guests outlive a killed libvirtd, and the next up takes them over", async () => {
  await withHost(async (host) => {
    await startNetwork(host);
    const guest = await defineGuest(host);
    await virsh(host, "start", guest.name);
    const qemu = await readFile(join(host.directory, "run/qemu/web.pid"), "utf8");
    process.kill(Number(await readFile(join(host.directory, "libvirtd.pid"), "utf8")), "SIGKILL");
    await until("the end of libvirtd", async () => ((await readEmbedded("t", { root: host.root }))?.up ? undefined : true));
    await upEmbedded("t", { root: host.root });
    expect(await readFile(join(host.directory, "run/qemu/web.pid"), "utf8")).toBe(qemu);
    expect(await kvmHypervisor(host.uri).readSandbox(guest.id)).toMatchObject({ state: "running" });
    await expect(downEmbedded("t", { root: host.root })).rejects.toMatchObject({ diagnostics: [{ code: "HOST_HAS_SANDBOXES" }] });
  });
});

test("what a libvirtd killed in the middle of net-start left goes with the next up; networks that run, and a bridge with a port, stay", async () => {
  await withHost(async (host) => {
    for (const [index, name] of ["whole", "half", "used"].entries()) await startNetwork(host, { name, index });
    const inside = async (...args: string[]): Promise<string> => (await run("ip", ["-n", host.netns, ...args])).stdout;
    // As a guest's, which outlives libvirtd.
    await inside("tuntap", "add", "port0", "mode", "tap");
    await inside("link", "set", "port0", "master", "tt-used");
    const servers = async (): Promise<string[]> => {
      const pids = (await run("ip", ["netns", "pids", host.netns])).stdout.split("\n").filter(Boolean);
      const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
      return [...new Set(lines.flatMap((line) => /dnsmasq\/(\w+)\.conf/.exec(line)?.[1] ?? []))].sort();
    };
    expect(await servers()).toEqual(["half", "used", "whole"]);
    process.kill(Number(await readFile(join(host.directory, "libvirtd.pid"), "utf8")), "SIGKILL");
    await until("the end of libvirtd", async () => ((await readEmbedded("t", { root: host.root }))?.up ? undefined : true));
    // libvirtd writes its note at the end of net-start.
    for (const name of ["half", "used"]) await rm(join(host.directory, `run/network/${name}.xml`));

    await upEmbedded("t", { root: host.root });
    expect((await inside("-br", "link", "show", "type", "bridge")).match(/^\S+/gm)?.sort()).toEqual(["tt-used", "tt-whole"]);
    expect(await servers()).toEqual(["whole"]);
    expect((await virsh(host, "net-list", "--name")).trim()).toBe("whole");
    await virsh(host, "net-start", "half");
    expect(await servers()).toEqual(["half", "whole"]);
  });
});

test("after a reboot of the machine the host comes back with its sandboxes, stopped", async () => {
  await withHost(async (host) => {
    await startNetwork(host);
    await virsh(host, "net-autostart", "net");
    const guest = await defineGuest(host);
    await virsh(host, "start", guest.name);
    // As a reboot leaves it: no process, no namespace, the state directory of an earlier boot.
    expect(await downEmbedded("t", { root: host.root, force: true })).toBe("kept");
    await writeFile(join(host.directory, "host.json"), JSON.stringify({ onDemand: false, uplink: "none", bootId: "an-earlier-boot" }));
    await writeFile(join(host.directory, "run/stale"), "");
    expect(await readEmbedded("t", { root: host.root })).toMatchObject({ up: false });
    await upEmbedded("t", { root: host.root });
    await expect(access(join(host.directory, "run/stale"))).rejects.toMatchObject({ code: "ENOENT" });
    const hypervisor = kvmHypervisor(host.uri);
    expect(await hypervisor.readSandbox(guest.id)).toMatchObject({ state: "off" });
    expect(await hypervisor.listNetworks()).toMatchObject([{ name: "net", active: true }]);
    await hypervisor.start(guest.id);
    expect(await hypervisor.readSandbox(guest.id)).toMatchObject({ state: "running" });
  });
});

test("two hosts side by side may have the same names, bridges and addresses", async () => {
  await withHost(async (one) => {
    await withHost(
      async (two) => {
        for (const host of [one, two]) {
          await startNetwork(host);
          const guest = await defineGuest(host);
          await virsh(host, "start", guest.name);
        }
        for (const host of [one, two]) {
          const [sandbox] = await kvmHypervisor(host.uri).listSandboxes();
          expect(sandbox).toMatchObject({ name: "web", state: "running" });
          const lease = await until("a lease", async () => {
            const found = (await kvmHypervisor(host.uri).readAddresses([sandbox?.id ?? ""], "lease")).get(sandbox?.id ?? "");
            return found?.length ? found : undefined;
          });
          expect(lease[0]?.address).toMatch(/^10\.77\.0\./);
        }
      },
      { name: "u" },
    );
  });
});

test("a host on demand goes down with its last use, and stays for others and for what is defined on it", async () => {
  await withRoot(async (root) => {
    const host = await useEmbedded("a", { root, uplink: "none" });
    expect(host).toMatchObject({ onDemand: true, up: true });
    const file = join(host.directory, "net.xml");
    await writeFile(file, "<network><name>n</name><bridge name='tt-n'/></network>");
    await run("virsh", ["-c", host.uri, "net-define", file]);
    expect(await releaseEmbedded("a", { root })).toBe(false);
    await run("virsh", ["-c", host.uri, "net-undefine", "n"]);
    // Somebody else at work: this very test, under the pid of vitest's parent.
    const other = (await readFile(`/proc/${process.ppid}/stat`, "utf8")).split(") ")[1]?.split(" ")[19];
    await writeFile(join(host.directory, "users", `${process.ppid}-${other}`), "");
    expect(await releaseEmbedded("a", { root })).toBe(false);
    await rm(join(host.directory, "users", `${process.ppid}-${other}`));
    await writeFile(join(host.directory, "users", "999999-1"), "");
    expect(await releaseEmbedded("a", { root })).toBe(true);
    expect(await traces(root, host.netns)).toEqual([]);
  });
});

test("a host that was asked to stay is not taken down by a use on demand", async () => {
  await withRoot(async (root) => {
    await upEmbedded("a", { root, uplink: "none" });
    const host = await ensureHost({ uri: "embedded", name: "a", root });
    expect(host).toMatchObject({ embedded: "a", netns: hostPaths("a", root).netns });
    expect(await host.release()).toBe(false);
    expect(await readEmbedded("a", { root })).toMatchObject({ up: true, onDemand: false });
  });
});

test("KVM counts only if a guest ran under it, and the answer is remembered", async () => {
  expect(await runProbeGuest("tcg", 20_000)).toBeUndefined();
  await withHost(async (host) => {
    const found = await probeAccelerator({ uri: host.uri, embedded: "t" }, { root: host.root });
    const ran = await runProbeGuest("kvm");
    expect(found.kind).toBe(ran === undefined ? "kvm" : "tcg");
    const start = Date.now();
    expect(await probeAccelerator({ uri: host.uri, embedded: "t" }, { root: host.root })).toEqual(found);
    expect(Date.now() - start).toBeLessThan(200);
  });
});

test("the way out is a user-mode NAT that goes with the host", async ({ skip }) => {
  if (!(await isInstalled("slirp4netns"))) skip("slirp4netns is not installed");
  await withRoot(async (root) => {
    const host = await upEmbedded("a", { root, uplink: "slirp" });
    const { stdout } = await run("ip", ["-n", host.netns, "route", "show", "default"]);
    expect(stdout).toContain("via 10.0.2.2");
    await downEmbedded("a", { root });
    expect(await traces(root, host.netns)).toEqual([]);
  });
});
