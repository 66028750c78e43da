import { createHash } from "node:crypto";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hostPaths } from "../../../../lib/host/host-directory.ts";
import { kvmHypervisor } from "../../../../lib/hypervisor/kvm/kvm-hypervisor.ts";
import { runProgram } from "../../../../lib/hypervisor/program.ts";
import { makeHost, tinyImage } from "../../../fixtures/embedded-host.ts";
import { describeHypervisor, run, type ConformanceHost } from "../../../fixtures/hypervisor-conformance.ts";
import { poolsDirectory } from "../../../fixtures/leftovers.ts";
import { defineGuest, startNetwork, virsh } from "../../../fixtures/tiny-guest.ts";

const imagesDirectory = "/var/lib/terrarium/images";

/** @param scheme `qemu+unix` reaches the same host, but only through libvirt: as it is for a user who is not root, or from another machine. */
async function makeKvmHost(scheme: "qemu" | "qemu+unix"): Promise<ConformanceHost & { readonly uri: string }> {
  const image = await tinyImage();
  const { stdout } = await runProgram("qemu-img", ["info", "--output=json", image]);
  const host = await makeHost();
  const names = async (...command: string[]): Promise<string[]> =>
    (await virsh(host, ...command))
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean)
      .sort();
  const files = async (directory: string, prefix: string): Promise<string[]> =>
    (await readdir(directory, { recursive: true })).filter((file) => file.startsWith(prefix)).sort();
  const paths = hostPaths(host.name, host.root);
  const uri = host.uri.replace(/^qemu:/, `${scheme}:`);
  return {
    uri,
    hypervisor: kvmHypervisor(uri),
    // Written in another way, so that nothing in this process knows that both are the same host.
    other: kvmHypervisor(`${uri}&mode=auto`),
    image,
    imageSizeBytes: (JSON.parse(stdout) as { "virtual-size": number })["virtual-size"],
    scratch: host.disks,
    count: async () => ({
      domains: await names("list", "--all", "--name"),
      networks: await names("net-list", "--all", "--name"),
      bridges: ((await runProgram("ip", ["-n", host.netns, "-o", "link", "show", "type", "bridge"])).stdout.match(/^\d+: [^:@]+/gm) ?? [])
        .map((line) => line.replace(/^\d+: /, ""))
        .sort(),
      // The images' own pool stays with them.
      pools: (await names("pool-list", "--all", "--name")).filter((name) => name.includes(run.deployment)),
      volumes: await files(poolsDirectory, run.deployment),
      // Of definitions, memory and metadata that libvirt keeps.
      kept: [...(await files(paths.etc, "qemu/")), ...(await files(paths.etc, "storage/t")), ...(await files(paths.lib, "qemu/s"))].filter(
        (file) => /\.(xml|save)$/.test(file) && !file.startsWith("storage/terrarium-"),
      ),
      images: await files(imagesDirectory, run.digest),
    }),
    contentOf: async (path) =>
      createHash("sha256")
        .update(await readFile(path))
        .digest("hex"),
    foreign: {
      makeNetwork: async (name) => {
        await startNetwork(host, { name, index: 7 });
      },
      makeSandbox: async (name) => {
        await defineGuest(host, { name });
      },
      removeNetwork: async (name) => {
        await virsh(host, "net-destroy", name);
        await virsh(host, "net-undefine", name);
      },
      removeSandbox: async (name) => {
        await virsh(host, "undefine", name);
      },
    },
    stopNetwork: async ({ id }) => {
      await virsh(host, "net-destroy", id);
    },
    lifeOf: async (id) => (await virsh(host, "domid", id)).trim(),
    isPlugged: async ({ nics }, mac) => {
      const device = nics.find((nic) => nic.mac === mac)?.device ?? "none";
      return / master \S/.test((await runProgram("ip", ["-n", host.netns, "-o", "link", "show", "dev", device])).stdout);
    },
    // What a failed test left in directories that all hosts share goes, too.
    remove: async () => {
      await host.remove();
      for (const [directory, prefix] of [
        [poolsDirectory, run.deployment],
        [imagesDirectory, run.digest],
      ] as const) {
        const left = (await readdir(directory)).filter((name) => name.startsWith(prefix));
        for (const name of left) await rm(join(directory, name), { recursive: true });
      }
    },
  };
}

describeHypervisor("kvm", () => makeKvmHost("qemu"), { canRun: true });
if (process.env["TERRARIUM_TEST_FULL"])
  describeHypervisor("kvm, through libvirt only", () => makeKvmHost("qemu+unix"), { canRun: false, parts: ["storage"] });

test("an image that root has put there as a file is found through libvirt, and not uploaded again", async () => {
  const host = await makeKvmHost("qemu");
  const digest = `${run.digest}${"0".repeat(48)}`;
  try {
    const { uri } = host;
    const here = await host.hypervisor.placeImage(host.image, digest);
    const { ino } = await stat(here.path);
    const there = kvmHypervisor(uri.replace(/^qemu:/, "qemu+unix:"));
    expect(await there.placeImage(host.image, digest)).toEqual(here);
    expect(await there.findImage(digest)).toEqual(here);
    expect((await stat(here.path)).ino).toBe(ino);
    await host.hypervisor.removeImage(digest);
    expect(await there.findImage(digest)).toBeUndefined();
    const uploaded = await there.placeImage(host.image, digest);
    expect(await host.hypervisor.findImage(digest)).toEqual(uploaded);
    await there.removeImage(digest);
    expect(await host.hypervisor.findImage(digest)).toBeUndefined();
  } finally {
    await host.hypervisor.removeImage(digest);
    await host.remove();
  }
});
