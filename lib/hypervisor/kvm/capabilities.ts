import type { Capabilities } from "../provisioning.ts";

/** A seed is read at the next boot only: its exchange is a reboot, although the drive takes it live. */
export const kvmCapabilities: Capabilities = {
  hypervisor: "kvm",
  networkModes: ["nat", "isolated", "routed", "bridged", "none"],
  live: { labels: true, cpus: true, memory: true, nics: true, disks: true, diskGrowth: true, seed: false },
  forwards: false,
  dnsRecords: true,
  memorySnapshots: true,
  networkSettings: true,
  agent: true,
};
