import type { Lab, LabNetwork, LabSandbox } from "../../lib/lab/lab.ts";

/**
 * Resource addresses are a contract: state, `--target` and reviews know objects by them, so they come from names in the lab and never from a construct
 * tree's paths. Names are DNS labels (no underscore), so the parts cannot run into each other.
 */
export const address = {
  deployment: "deployment",
  prepare: "prepare",
  lab: "lab",
  pool: (host: string) => `pool_${host}`,
  network: ({ host, name }: Pick<LabNetwork, "host" | "name">) => `network_${host}_${name}`,
  sandbox: ({ host, name }: Pick<LabSandbox, "host" | "name">) => `sandbox_${host}_${name}`,
  rootDisk: ({ host, name }: Pick<LabSandbox, "host" | "name">) => `disk_${host}_${name}`,
  extraDisk: ({ host, name }: Pick<LabSandbox, "host" | "name">, disk: string) => `disk_${host}_${name}_${disk}`,
  seed: ({ host, name }: Pick<LabSandbox, "host" | "name">) => `seed_${host}_${name}`,
};

/** Types of the resources that one names as targets, by provider. */
export const resourceType: Readonly<Record<Lab["provider"], { readonly sandbox: string; readonly network: string }>> = {
  libvirt: { sandbox: "libvirt_domain", network: "libvirt_network" },
  terrarium: { sandbox: "terrarium_sandbox", network: "terrarium_network" },
};

/** Names of the Terraform variables: the facts of the machine, and what *prepare* knows. */
export const variable = {
  deploymentId: "deployment_id",
  prepared: "prepared",
  secretFingerprints: "secret_fingerprints",
  hostUri: (host: string) => `host_${host}_uri`,
  domainType: (host: string) => `host_${host}_domain_type`,
  accelerator: (host: string) => `host_${host}_accelerator`,
  cpuMode: (host: string) => `host_${host}_cpu_mode`,
};

/** Where things are, the same on every host. */
export const place = {
  image: (digest: string) => `/var/lib/terrarium/images/${digest}.qcow2`,
  pool: (host: string) => `/var/lib/terrarium/pools/\${terraform_data.${address.deployment}.output}-${host}`,
  console: (lab: Pick<Lab, "name">, sandbox: string) => `/var/log/libvirt/qemu/${lab.name}-${sandbox}.console.log`,
};
