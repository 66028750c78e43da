import { createHash } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hostPaths } from "../../../../lib/host/host-directory.ts";
import { kvmHypervisor } from "../../../../lib/hypervisor/kvm/kvm-hypervisor.ts";
import { makeHost, tinyImage } from "../../../fixtures/embedded-host.ts";
import { describeHypervisor, run, type ConformanceHost } from "../../../fixtures/hypervisor-conformance.ts";
import { poolsDirectory } from "../../../fixtures/leftovers.ts";
import { virsh } from "../../../fixtures/tiny-guest.ts";

describeHypervisor("kvm", makeKvmHost, { canRun: true, memoryBytes: 96 * 2 ** 20 });

async function makeKvmHost(): Promise<ConformanceHost> {
  const host = await makeHost();
  const paths = hostPaths(host.name, host.root);
  const driver = () => kvmHypervisor(host.uri, { logDirectory: paths.log });
  return {
    hypervisor: driver(),
    other: driver(),
    image: await tinyImage(),
    imageSizeBytes: 64 * 2 ** 20,
    scratch: host.disks,
    count: async () => ({
      domains: await list(join(paths.etc, "qemu")),
      networks: await list(join(paths.etc, "qemu/networks")),
      pools: await list(join(paths.etc, "storage")),
      volumes: (await list(poolsDirectory)).filter((name) => name.startsWith(run.deployment)),
      images: (await list("/var/lib/terrarium/images")).filter((name) => name.includes(run.digest)),
      guests: (await virsh(host, "list", "--name")).split("\n").filter(Boolean),
      snapshots: await list(join(paths.lib, "qemu/snapshot")),
    }),
    contentOf: async (path) =>
      createHash("sha256")
        .update(await readFile(path))
        .digest("hex"),
    foreign: {
      makeNetwork: async (name) => {
        const file = join(host.disks, `${name}.xml`);
        await writeFile(file, `<network><name>${name}</name><bridge name='tt-foreign'/></network>`);
        await virsh(host, "net-define", file);
      },
      makeSandbox: async (name) => {
        const file = join(host.disks, `${name}.xml`);
        await writeFile(file, `<domain type='qemu'><name>${name}</name><memory unit='MiB'>64</memory><os><type>hvm</type></os></domain>`);
        await virsh(host, "define", file);
      },
      removeNetwork: async (name) => void (await virsh(host, "net-undefine", name)),
      removeSandbox: async (name) => void (await virsh(host, "undefine", name)),
    },
    stopNetwork: async ({ id }) => void (await virsh(host, "net-destroy", id)),
    // Each start of a guest is another QEMU.
    lifeOf: async (id) => {
      const name = (await virsh(host, "domname", id)).trim();
      const file = join(paths.run, "qemu", `${name}.pid`);
      return `${await readFile(file, "utf8")} ${(await stat(file)).mtimeMs}`;
    },
    remove: host.remove,
  };
}

/** Definitions and files of a directory, and of those below it. */
async function list(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
