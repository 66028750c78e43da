import type { Capabilities } from "../provisioning.ts";
import { isOnThisMachine } from "./on-this-machine.ts";

/** The same for one host: the ports of another machine are not ours to open. */
export function kvmCapabilitiesAt(uri: string | undefined): Capabilities {
  return uri === undefined || uri.startsWith("embedded") || isOnThisMachine(uri)
    ? kvmCapabilities
    : { ...kvmCapabilities, forwards: false };
}

/** A seed is read at the next boot only: its exchange is a reboot, although the drive takes it live. */
export const kvmCapabilities: Capabilities = {
  hypervisor: "kvm",
  networkModes: ["nat", "isolated", "routed", "bridged", "none"],
  live: { labels: true, cpus: true, memory: true, nics: true, disks: true, diskGrowth: true, seed: false },
  forwards: true,
  dnsRecords: true,
  memorySnapshots: true,
  networkSettings: true,
  agent: true,
};
