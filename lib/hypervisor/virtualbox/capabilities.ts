import type { Capabilities } from "../provisioning.ts";

export const virtualBoxCapabilities: Capabilities = {
  hypervisor: "virtualbox",
  networkModes: ["nat", "isolated", "bridged", "none"],
  live: { labels: true, cpus: false, memory: false, nics: false, disks: false, diskGrowth: false, seed: false },
  forwards: true,
  dnsRecords: false,
  memorySnapshots: true,
  networkSettings: false,
  agent: false,
};
