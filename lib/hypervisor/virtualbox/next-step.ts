import type { DiagnosticCode } from "../../diagnostics/codes.ts";

const steps: Partial<Record<DiagnosticCode, string>> = {
  HOST_UNREACHABLE:
    "VirtualBox's daemon VBoxSVC could not be started: run `VBoxManage list vms` by hand; a hung VBoxSVC of this user has to be ended (kill -9).",
  HOST_TIMEOUT:
    "VirtualBox's daemon VBoxSVC may hang: look for it (ps -C VBoxSVC), end it with kill -9, and repeat. Running sandboxes go on.",
  DRIVER_MISSING:
    "Load it: sudo modprobe vboxdrv; if that fails: sudo /sbin/vboxconfig (Debian: apt-get install virtualbox-dkms linux-headers-$(uname -r)). With Secure Boot the module must be signed.",
  VIRTUALIZATION_IN_USE:
    "Stop the other hypervisor: on Linux `sudo modprobe -r kvm_intel kvm_amd` (or boot with kvm.enable_virt_at_load=0), on Windows `bcdedit /set hypervisorlaunchtype off` and restart.",
  KVM_UNAVAILABLE: "Switch virtualization (VT-x, AMD-V) on in the machine's firmware, or use another machine.",
  MACHINE_UNSUPPORTED: "Use an image of the host's own processor architecture.",
  PORT_TAKEN: "Choose another host port, or `auto`.",
  DISK_FULL: "Free some space on the host, for example with `terrarium images prune`, then repeat.",
  NO_MEMORY: "Give the sandbox less memory, or stop others on this host.",
  CHANGE_NEEDS_STOP: "Stop the sandbox and close its window in VirtualBox, then repeat.",
  DISK_IN_USE: "Remove what uses the disk first: `VBoxManage showmediuminfo disk PATH` names it.",
  OBJECT_NOT_FOUND: "Run `terrarium list` to see what the host has.",
  OBJECT_EXISTS: "Run `terrarium list` to see whose it is; rename one of them, or remove the other.",
  DISK_MISSING: "Run `terrarium apply`, which puts images and disks in place.",
  DISK_DENIED: "VirtualBox runs as you: the file and every directory above it must be yours to read and write.",
  DISK_FORMAT: "Convert it first: qemu-img convert -O qcow2 -o compression_type=zlib IMAGE plain.qcow2",
};

/** What to do about an error of that class. */
export function nextStepFor(code: DiagnosticCode): string {
  return steps[code] ?? "The detail has VirtualBox's own words; VBoxSVC.log in VirtualBox's configuration folder has more.";
}
