import { expect, test } from "vitest";
import { classifyVBoxManageError, retryReason, saysError, vboxManageCause } from "../../../lib/hypervisor/virtualbox/vboxmanage-error.ts";

/** Recorded from 7.2.22 on Linux, but for those about the processor and the kernel driver, which are VirtualBox's documentation and issue threads. */
const messages: readonly (readonly [string, string])[] = [
  [
    "OBJECT_NOT_FOUND",
    "VBoxManage: error: Could not find a registered machine named 'x'\nVBoxManage: error: Details: code VBOX_E_OBJECT_NOT_FOUND (0x80bb0001), component VirtualBoxWrap, interface IVirtualBox",
  ],
  [
    "OBJECT_NOT_FOUND",
    "VBoxManage.exe: error: Could not find a registered machine named 'x'\r\nVBoxManage.exe: error: Details: code VBOX_E_OBJECT_NOT_FOUND (0x80bb0001)\r\n",
  ],
  ["OBJECT_NOT_FOUND", "VBoxManage: error: NATNetwork server does not exist"],
  ["OBJECT_NOT_FOUND", "VBoxManage: error: Failed to find DHCP server for network 'lab-front'"],
  ["OBJECT_NOT_FOUND", "VBoxManage: error: The given path '86e6d6fb-f1d8-4b70-bf73-6a56cd567e1e' is not fully qualified"],
  [
    "OBJECT_EXISTS",
    "VBoxManage: error: Machine settings file '/d/web-1/web-1.vbox' already exists\nVBoxManage: error: Details: code VBOX_E_FILE_ERROR (0x80bb0004), component MachineWrap",
  ],
  [
    "OBJECT_EXISTS",
    "VBoxManage: error: Storage controller named 'SATA' already exists\nVBoxManage: error: Details: code VBOX_E_OBJECT_IN_USE (0x80bb000c)",
  ],
  ["OBJECT_ALREADY_SO", "VBoxManage: error: Machine '11111111-2222-4333-8444-555555555555' is not currently running."],
  [
    "CHANGE_NEEDS_STOP",
    "VBoxManage: error: The machine 'web' is already locked for a session (or being unlocked)\nVBoxManage: error: Details: code VBOX_E_INVALID_OBJECT_STATE (0x80bb0007)",
  ],
  ["CHANGE_NEEDS_STOP", "VBoxManage: error: Cannot unregister the machine 'web' while it is locked"],
  [
    "DISK_IN_USE",
    "VBoxManage: error: Cannot close medium '/d/base.vdi' because it has 2 child media\nVBoxManage: error: Details: code VBOX_E_OBJECT_IN_USE (0x80bb000c)",
  ],
  [
    "DISK_MISSING",
    "VBoxManage: error: Could not find file for the medium '/d/seed.iso' (VERR_FILE_NOT_FOUND)\nVBoxManage: error: Details: code VBOX_E_FILE_ERROR (0x80bb0004), component MediumWrap",
  ],
  ["DISK_FORMAT", "VBoxManage: error: QCow: image '/d/a.qcow2' uses incompatible features (8 vs 0) (VERR_NOT_SUPPORTED)"],
  ["DISK_FULL", "VBoxManage: error: VDI: cannot create image '/d/a.vdi' (VERR_DISK_FULL)"],
  ["DEFINITION_REFUSED", "VBoxManage: error: Invalid RAM size: 1 MB (must be in range [4, 2097152] MB)"],
  ["DEFINITION_REFUSED", "Usage:\nVBoxManage: error: Unknown option: --unset-opt"],
  [
    "HOST_UNREACHABLE",
    "VBoxManage: error: Failed to create the VirtualBox object!\nVBoxManage: error: Code NS_ERROR_FAILURE (0x80004005) - Operation failed (extended info not available)",
  ],
  [
    "VIRTUALIZATION_IN_USE",
    "VBoxManage: error: VirtualBox can't operate in VMX root mode. Please disable the KVM kernel extension (VERR_VMX_IN_VMX_ROOT_MODE)",
  ],
  ["VIRTUALIZATION_IN_USE", "VBoxManage: error: VirtualBox can't enable the AMD-V extension. (VERR_SVM_IN_USE)"],
  ["KVM_UNAVAILABLE", "VBoxManage.exe: error: VT-x is not available (VERR_VMX_NO_VMX)"],
  ["KVM_UNAVAILABLE", "VBoxManage: error: VT-x is disabled in the BIOS for all CPU modes (VERR_VMX_MSR_ALL_VMX_DISABLED)"],
  ["DRIVER_MISSING", "VBoxHeadless: Error -1908: Kernel driver not installed (rc=-1908)"],
  [
    "MACHINE_UNSUPPORTED",
    "VBoxManage: error: Cannot run the machine because its platform architecture x86 is not supported (VBOX_E_PLATFORM_ARCH_NOT_SUPPORTED)",
  ],
  [
    "PORT_TAKEN",
    "VBoxManage: error: NAT#0: configuration error: failed to set up redirection of 2222 to 10.0.2.15:22. Probably a conflict with existing services or other rules",
  ],
  [
    "HYPERVISOR_FAILED",
    "VBoxManage: error: The virtual machine 'web-1' has terminated unexpectedly during startup with exit code 1 (0x1)\nVBoxManage: error: Details: code NS_ERROR_FAILURE (0x80004005), component MachineWrap",
  ],
];

test("every recorded message has its class", () => {
  expect(messages.map(([, text]) => classifyVBoxManageError(text))).toEqual(messages.map(([code]) => code));
});

test("the cause is the first telling line, without prefix, details or usage", () => {
  const text =
    "0%...VBOX_E_FILE_ERROR\nVBoxManage: error: Failed to create medium\nVBoxManage: error: VD: The given disk size 1 is not aligned\nVBoxManage: error: Details: code VBOX_E_FILE_ERROR";
  expect(vboxManageCause(text)).toBe("VD: The given disk size 1 is not aligned");
  expect(vboxManageCause("VBoxManage.exe: error: Could not find 'x'\r\nUsage:\r\n")).toBe("Could not find 'x'");
  expect(vboxManageCause("Segmentation fault")).toBe("Segmentation fault");
  expect(vboxManageCause("")).toBe("");
});

test("an error line tells a failure where the exit code does not", () => {
  expect(saysError("VBoxManage: error: Invalid NIC number 9")).toBe(true);
  expect(saysError("C:\\VBox\\VBoxManage.exe: error: Invalid NIC number 9")).toBe(true);
  expect(saysError('Name: an error: in a name\nDescription: "VBoxManage says error: x"')).toBe(false);
});

test("only what was refused before it did anything is tried again", () => {
  const text = (code: string): string => messages.find(([found]) => found === code)?.[1] ?? "";
  expect(retryReason(text("HOST_UNREACHABLE"))).toBe("com");
  expect(retryReason("VBoxManage: error: The object is not ready")).toBe("lock");
  expect(retryReason("VBoxManage: error: The machine 'x' already has a lock request pending")).toBe("lock");
  for (const code of ["OBJECT_NOT_FOUND", "OBJECT_EXISTS", "DISK_IN_USE", "HYPERVISOR_FAILED"])
    expect(retryReason(text(code))).toBeUndefined();
});
