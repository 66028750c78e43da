import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { kvmHypervisor } from "../../../../lib/hypervisor/kvm/kvm-hypervisor.ts";
import { runProgram } from "../../../../lib/hypervisor/program.ts";
import { makeHost, tinyImage } from "../../../fixtures/embedded-host.ts";
import { describeHypervisor, run, type ConformanceHost } from "../../../fixtures/hypervisor-conformance.ts";
import { poolsDirectory } from "../../../fixtures/leftovers.ts";
import { defineGuest, startNetwork, virsh } from "../../../fixtures/tiny-guest.ts";

const imagesDirectory = "/var/lib/terrarium/images";

async function makeKvmHost(): Promise<ConformanceHost> {
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
  return {
    hypervisor: kvmHypervisor(host.uri),
    // Written in another way, so that nothing in this process knows that both are the same host.
    other: kvmHypervisor(host.uri.replace(/^qemu:/, "qemu+unix:")),
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

describeHypervisor("kvm", makeKvmHost, { canRun: true });
