import packageJson from "../../../package.json" with { type: "json" };
import type { Provider } from "../framework/provider.ts";
import type { Client } from "./client.ts";
import { disk } from "./disk/disk.ts";
import { hostData } from "./host/host-data.ts";
import { image } from "./image/image.ts";
import { network } from "./network/network.ts";
import { makeClient, providerSchema } from "./provider-block.ts";
import { sandboxData } from "./sandbox/sandbox-data.ts";
import { sandbox } from "./sandbox/sandbox.ts";
import { seed } from "./seed/seed.ts";
import { snapshot } from "./snapshot/snapshot.ts";

/** Terrarium's own Terraform provider: hypervisor-neutral resources over the drivers of `lib/hypervisor`. */
export const terrariumProvider = terrariumProviderIn();

/** The same for a Terraform that works in another directory than this process: where relative paths in the configuration start. */
export function terrariumProviderIn(directory?: string): Provider<Client, typeof providerSchema> {
  return {
    address: "terrarium.internal/terrarium/terrarium",
    version: packageJson.version,
    description:
      "Sandboxes (virtual machines), networks, disks and cloud-init seeds on KVM and VirtualBox, updated in place wherever the hypervisor can. Part of Terrarium, and of no registry: `terrarium provider install` puts it where Terraform looks for it.",
    schema: providerSchema,
    configure: async (block) => makeClient(block, process.env, directory),
    resources: [network, image, disk, seed, sandbox, snapshot],
    dataSources: [hostData, sandboxData],
  };
}
