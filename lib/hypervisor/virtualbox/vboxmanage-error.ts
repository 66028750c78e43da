import type { DiagnosticCode } from "../../diagnostics/codes.ts";

/**
 * What VBoxManage's messages mean, first match wins. Sources: recorded from 7.2.22 (test/hypervisor/virtualbox/vboxmanage-error.test.ts); those about the processor are VirtualBox's own
 * documentation and issue threads.
 */
const classes: readonly (readonly [DiagnosticCode, RegExp])[] = [
  [
    "HOST_UNREACHABLE",
    /Failed to create the VirtualBox object!|Failed to create a session object!|NS_ERROR_CALL_FAILED|RPC_E_|E_ACCESSDENIED.*CoCreateInstance/,
  ],
  ["DRIVER_MISSING", /Kernel driver not installed|VERR_VM_DRIVER_NOT_INSTALLED|VERR_SUPDRV|rc=-1908|Key was rejected by service/],
  [
    "VIRTUALIZATION_IN_USE",
    /VERR_VMX_IN_VMX_ROOT_MODE|VERR_SVM_IN_USE|VERR_NEM_VM_CREATE_FAILED|VERR_NEM_MISSING_KERNEL_API|can't operate in VMX root mode|can't enable the AMD-V extension/,
  ],
  [
    "KVM_UNAVAILABLE",
    /VERR_VMX_NO_VMX|VERR_SVM_NO_SVM|VT-x is disabled in the BIOS|AMD-V is disabled in the BIOS|VERR_VMX_MSR_ALL_VMX_DISABLED|VERR_SVM_DISABLED/,
  ],
  ["MACHINE_UNSUPPORTED", /VBOX_E_PLATFORM_ARCH_NOT_SUPPORTED/],
  ["PORT_TAKEN", /failed to set up redirection|A NAT rule for this host port and this host IP already exists/i],
  ["DISK_FULL", /VERR_DISK_FULL|No space left on device/],
  ["NO_MEMORY", /VERR_NO_MEMORY|VERR_NO_LOW_MEMORY|Failed to allocate memory/],
  ["OBJECT_ALREADY_SO", /is not currently running/],
  [
    "CHANGE_NEEDS_STOP",
    /already locked (for|by) a session|while it is locked|already has a lock request pending|The object is not ready|unlocked unexpectedly|The machine is not mutable|Invalid machine state/,
  ],
  // Made by the VBoxManage of a process that was killed: see overtaken.ts.
  [
    "OBJECT_EXISTS",
    /Storage controller named '.*' already exists|already attached to port .* of this virtual machine|A NAT rule of this name already exists/,
  ],
  [
    "DISK_IN_USE",
    /has \d+ child media|is still attached to \d+ virtual machine|is already attached to|has more than one child hard disk|VBOX_E_OBJECT_IN_USE/,
  ],
  [
    "OBJECT_EXISTS",
    /Machine settings file '.*' already exists|Registered machine with UUID .* already exists|VERR_ALREADY_EXISTS|already exists/,
  ],
  ["DISK_FORMAT", /VERR_NOT_SUPPORTED|VERR_VD_\w*(FORMAT|HEADER|UNSUPPORTED)|Could not get the storage format/],
  ["DISK_DENIED", /VERR_ACCESS_DENIED|VERR_PERMISSION_DENIED/],
  // An object in the registry first: its message may name a file, too. A UUID that is none of a medium is taken for a path.
  [
    "OBJECT_NOT_FOUND",
    /The given path '[0-9a-f]{8}-[0-9a-f-]{27}' is not fully qualified|VBOX_E_OBJECT_NOT_FOUND|Could not find a registered machine|server does not exist|Failed to find DHCP server|DHCP server does not exist|Could not find a snapshot|does not have any snapshots/,
  ],
  ["DISK_MISSING", /VERR_FILE_NOT_FOUND|VERR_PATH_NOT_FOUND/],
  [
    "DEFINITION_REFUSED",
    /Unknown option:|Invalid (RAM size|virtual CPU count|NIC number|argument|UUID or filename)|VERR_VD_INVALID_SIZE|E_INVALIDARG|E_ACCESSDENIED/,
  ],
];

/** The stable class of what VBoxManage wrote; HYPERVISOR_FAILED if it is none that is known. Pure. */
export function classifyVBoxManageError(output: string): DiagnosticCode {
  return classes.find(([, pattern]) => pattern.test(output))?.[0] ?? "HYPERVISOR_FAILED";
}

const errorLine = /^(?:\S*VBoxManage(?:\.exe)?: )?error: (.+?)\r?$/gim;

/** The cause in VBoxManage's words: its first `error:` line. Details, context and a dump of the usage follow. Pure. */
export function vboxManageCause(output: string): string {
  const lines = [...output.matchAll(errorLine)].map((match) => match[1] ?? "");
  const telling = lines.filter((line) => !/^(Details: code|Context: |Failed to create medium$)/.test(line));
  return telling[0] ?? lines[0] ?? output.trim().split(/\r?\n/)[0] ?? "";
}

/** True if there is an `error:` line: VBoxManage may say one and exit with 0. Pure. */
export function saysError(output: string): boolean {
  return /^\S*VBoxManage(?:\.exe)?: error: /im.test(output);
}

/**
 * Whether the same command may be given again, since it was refused before it did anything: `com`, the daemon was just ending or could not be reached; `lock`, another process (also a mere
 * `showvminfo`) has the machine for a moment. Pure.
 */
export function retryReason(output: string): "com" | "lock" | undefined {
  if (/Failed to create the VirtualBox object!|Failed to create a session object!/.test(output)) return "com";
  if (
    /already has a lock request pending|The object is not ready|unlocked unexpectedly|already locked for a session \(or being unlocked\)|while it is locked/.test(
      output,
    )
  )
    return "lock";
  return undefined;
}
