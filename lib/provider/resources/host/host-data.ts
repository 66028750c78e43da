import { Size } from "../../../units/size.ts";
import { attribute } from "../../framework/attribute.ts";
import type { DataSource } from "../../framework/data-source.ts";
import type { Client } from "../client.ts";

const schema = {
  hypervisor: attribute.string({ computed: true, description: "The hypervisor as it calls itself: `QEMU`." }),
  hypervisor_version: attribute.string({ computed: true, description: "Its version." }),
  library_version: attribute.string({
    computed: true,
    description: "Version of the library or program that speaks to it: libvirt's, VBoxManage's.",
  }),
  architecture: attribute.string({ computed: true, description: "The host's architecture: `x86_64`." }),
  cpus: attribute.number({ computed: true, description: "The host's CPUs." }),
  memory: attribute.string({ computed: true, description: 'The host\'s memory with its unit: `"16GiB"`.' }),
};

/** `data.terrarium_host`: the host of the provider block. */
export const hostData: DataSource<typeof schema, Client> = {
  type: "terrarium_host",
  description: "The host of the provider block: versions and capacity.",
  schema,
  async read(_config, { provider }) {
    const { driver } = await provider.open();
    const { hypervisor, hypervisorVersion, libraryVersion, architecture, cpus, memoryBytes } = await driver.readHost();
    return {
      hypervisor,
      hypervisor_version: hypervisorVersion,
      library_version: libraryVersion,
      architecture,
      cpus,
      memory: Size.bytes(memoryBytes).toString(),
    };
  },
};
