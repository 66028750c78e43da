import type { DiagnosticCode } from "../../diagnostics/codes.ts";

/**
 * What libvirt's messages mean, first match wins. Sources: facts measured with libvirt 9.0 (all messages in test/hypervisor/virsh-error.test.ts are
 * real). QEMU_DIED comes last, since it wraps others.
 */
const classes: readonly (readonly [DiagnosticCode, RegExp])[] = [
  [
    "HOST_DENIED",
    /Failed to connect socket to '.*': Permission denied|operation forbidden|authentication (failed|unavailable)|access denied by policy/,
  ],
  [
    "HOST_UNREACHABLE",
    /Failed to connect socket to '.*'|unable to connect to server at|Cannot recv data: |Unable to resolve address|no connection driver available/,
  ],
  ["HOST_LOST", /Disconnected from .* due to|client socket is closed|End of file while reading data/],
  [
    "OBJECT_NOT_FOUND",
    /failed to get (domain|network|pool|vol) '|(Domain|Network|Storage pool|Storage volume|Domain snapshot) not found|couldn't locate a matching (dhcp host entry|DNS HOST record)|cannot remove config file '.*': No such file/,
  ],
  [
    "OBJECT_EXISTS",
    /already exists with uuid|is already defined with uuid|exists already|domain moment .* already exists|there is an existing dhcp host entry|there is already at least one DNS HOST record/,
  ],
  [
    "OBJECT_ALREADY_SO",
    /is already active|domain is not running|network '.*' is not active|network is not running|pool '.*' is not active/,
  ],
  [
    "DISK_IN_USE",
    /Failed to get (shared )?"write" lock|volume '.*' is still (in use|being allocated)|pool '.*' has asynchronous jobs running/,
  ],
  [
    "DISK_MISSING",
    /Cannot access (storage|backing) file '.*No such file|inaccessible backing store volume .*: No such file|Could not open '.*': No such file/,
  ],
  ["DISK_DENIED", /Cannot access (storage|backing) file '.*Permission denied|Could not open '.*': Permission denied/],
  ["DISK_FORMAT", /Image is not in .* format/],
  ["DISK_FULL", /No space left on device/],
  [
    "KVM_UNAVAILABLE",
    /does not support virt type 'kvm'|could not get preferred machine for .* type=kvm|the accel 'kvm' is not supported|Could not access KVM kernel module/,
  ],
  ["KVM_BROKEN", /failed to set MSR|kvm_.*: Assertion/],
  ["CPU_UNSUPPORTED", /CPU mode '.*' .* is not supported|CPU is incompatible with host CPU|does not provide required features/],
  ["MACHINE_UNSUPPORTED", /No PCI buses available|No emulator found for arch/],
  ["FIRMWARE_MISSING", /Unable to find any firmware to satisfy|unable to find any master var store for loader/],
  ["NO_MEMORY", /Cannot allocate memory/],
  ["NETWORK_IN_USE", /Network is already in use by interface|bridge name '.*' already in use|error creating bridge interface/],
  ["FIREWALL_FAILED", /Failed to apply firewall rules/],
  ["AGENT_DOWN", /Guest agent is not responding|QEMU guest agent is not (configured|connected|available)/],
  [
    "CHANGE_NEEDS_STOP",
    /Operation not supported|cannot .* on an active domain|vcpu unplug request timed out|find appropriate hotpluggable vcpus|does not support (specific )?vCPU hotplug|No more available PCI slots|already in the process of unplug|revert requires force/,
  ],
  ["DEFINITION_REFUSED", /failed to validate against schema|XML error:|_definition\):\d+:|unsupported configuration/],
  ["QEMU_DIED", /qemu unexpectedly closed the monitor|process exited while connecting to monitor/],
];

/** The stable class of what virsh wrote on standard error; HYPERVISOR_FAILED if it is none that is known. Pure. */
export function classifyVirshError(stderr: string): DiagnosticCode {
  return classes.find(([, pattern]) => pattern.test(stderr))?.[0] ?? "HYPERVISOR_FAILED";
}

/** The cause in virsh's words: the last `error:` line, without the prefix. Libvirt puts what failed first and why last. */
export function virshCause(stderr: string): string {
  const lines = stderr.split("\n").flatMap((line) => /^error: (.+)$/.exec(line)?.[1] ?? []);
  return lines.at(-1) ?? stderr.trim().split("\n").at(-1) ?? "";
}
