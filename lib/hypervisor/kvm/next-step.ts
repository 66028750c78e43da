import type { DiagnosticCode } from "../../diagnostics/codes.ts";

const steps: Partial<Record<DiagnosticCode, string>> = {
  HOST_UNREACHABLE: "Check the host's URI in the lab, and that libvirtd runs there: sudo systemctl start libvirtd; or use `uri: embedded`.",
  HOST_DENIED: "Run: sudo adduser $USER libvirt (then log in again), or repeat the command with sudo.",
  HOST_LOST: "libvirtd ended or the connection broke; repeat the command, it looks at what is there first.",
  HOST_TIMEOUT: "Check the host: libvirtd may be stopped or overloaded. Restarting libvirtd does not stop sandboxes.",
  OBJECT_NOT_FOUND: "Run `terrarium list` to see what the host has.",
  OBJECT_EXISTS: "Run `terrarium list` to see whose it is; rename one of them, or remove the other.",
  DISK_IN_USE: "End the program or sandbox that has the disk open, then repeat.",
  DISK_MISSING: "Run `terrarium apply`, which puts images and disks in place.",
  DISK_DENIED: "Every directory above the disk must be passable for QEMU's user (mode o+x); /var/lib/terrarium is.",
  DISK_FULL: "Free some space on the host, for example with `terrarium images prune`, then repeat.",
  KVM_UNAVAILABLE: "Use emulation, or a machine with hardware virtualization.",
  KVM_BROKEN: "Use emulation: this machine's KVM does not run guests.",
  NO_MEMORY: "Give the sandbox less memory, or stop others on this host.",
  NETWORK_IN_USE: "Choose another CIDR for the network, or remove what uses it (`terrarium list`).",
  FIREWALL_FAILED: "Restart libvirtd, which sets its rules again: sudo systemctl restart libvirtd. Sandboxes go on.",
  AGENT_DOWN: "Wait until the sandbox has booted; its image needs qemu-guest-agent.",
  CHANGE_NEEDS_STOP: "Stop the sandbox, then repeat.",
};

/** What to do about an error of that class. */
export function nextStepFor(code: DiagnosticCode): string {
  return steps[code] ?? "The detail has libvirt's own words; `terrarium host status` shows the host.";
}
