import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { readRegistry } from "../../../lib/hypervisor/virtualbox/registry.ts";
import { virtualboxHypervisor } from "../../../lib/hypervisor/virtualbox/virtualbox-hypervisor.ts";
import { describeHypervisor, type ConformanceHost } from "../../fixtures/hypervisor-conformance.ts";
import { privateVirtualBox } from "../../fixtures/virtualbox/private-host.ts";

const imageSizeBytes = 16 * 2 ** 20;

async function makeHost(): Promise<ConformanceHost> {
  const host = await privateVirtualBox();
  const { home, options, scratch, manage } = host;
  const image = join(scratch, "image.qcow2");
  await execa("qemu-img", ["create", "-q", "-f", "qcow2", image, String(imageSizeBytes)]);
  await execa("qemu-io", ["-c", "write -P 7 0 1M", image]);
  // Starting with the host is VirtualBox's own service, which has to be set up; here its list is enough.
  await manage("setproperty", "autostartdbpath", scratch);
  return {
    hypervisor: virtualboxHypervisor(options),
    other: virtualboxHypervisor(options),
    image,
    imageSizeBytes,
    scratch,
    // The files that VBoxSVC writes, for each call of VBoxManage takes its time.
    count: async () => {
      const { machines, media, natNetworks, dhcpServers, extraData } = readRegistry(
        await readFile(join(home, "VirtualBox.xml"), "utf8"),
        home,
      );
      return {
        machines: machines.map(({ file }) => file).sort(),
        disks: [...media.values()].map(({ location }) => location).sort(),
        natNetworks: natNetworks.map(({ name }) => name),
        dhcpServers: dhcpServers.map(({ network }) => network),
        extraData: [...extraData.keys()],
        files: (await host.files()).filter((file) => file !== "ports.json"),
      };
    },
    contentOf: async (path) =>
      createHash("sha256")
        .update(await readFile(path))
        .digest("hex"),
    foreign: {
      makeNetwork: async (name) => void (await manage("natnetwork", "add", "--netname", name, "--network", "192.168.99.0/24", "--enable")),
      removeNetwork: async (name) => void (await manage("natnetwork", "remove", "--netname", name)),
      makeSandbox: async (name) =>
        void (await manage(
          "createvm",
          "--name",
          name,
          "--ostype",
          "Linux_64",
          "--platform-architecture",
          "x86",
          "--basefolder",
          join(scratch, "foreign"),
          "--register",
        )),
      removeSandbox: async (name) => void (await manage("unregistervm", name, "--delete")),
    },
    stopNetwork: async ({ id, mode }) =>
      void (await (mode === "nat"
        ? manage("natnetwork", "modify", "--netname", id, "--disable")
        : manage("dhcpserver", "modify", "--network", id, "--disable"))),
    remove: host.remove,
  };
}

const canRun = existsSync("/dev/vboxdrv");

describeHypervisor("VirtualBox", makeHost, { canRun, accelerator: "hardware", refusesSameCidr: false });
