import { expect, test } from "vitest";
import { classifyVirshError, virshCause } from "../../lib/hypervisor/kvm/virsh-error.ts";

// Messages of libvirt 9.0, as it printed them.
test.each([
  ["HOST_UNREACHABLE", "Failed to connect socket to '/run/libvirt/libvirt-sock': No such file or directory"],
  ["HOST_UNREACHABLE", "Failed to connect socket to '/run/libvirt/libvirt-sock': Connection refused"],
  ["HOST_UNREACHABLE", "unable to connect to server at 'x:16514': Connection refused"],
  ["HOST_UNREACHABLE", "Cannot recv data: ssh: Could not resolve hostname x: Name or service not known: Connection reset by peer"],
  ["HOST_DENIED", "Failed to connect socket to '/run/libvirt/libvirt-sock': Permission denied"],
  ["HOST_DENIED", "operation forbidden: read only access prevents virDomainCreate"],
  ["HOST_LOST", "Disconnected from qemu:///system due to end of file"],
  ["OBJECT_NOT_FOUND", "failed to get domain 'x'"],
  ["OBJECT_NOT_FOUND", "Network not found: no network with matching name 'x'"],
  ["OBJECT_NOT_FOUND", "Storage volume not found: no storage vol with matching path 'x'"],
  ["OBJECT_EXISTS", "operation failed: domain 'bad' already exists with uuid 07216cdc-8f20-473b-a320-3454eb842778"],
  ["OBJECT_EXISTS", "operation failed: storage volume 'd1.qcow2' exists already"],
  [
    "OBJECT_EXISTS",
    `Requested operation is not valid: there is an existing dhcp host entry in network 'n1' that matches "<host mac='02:00:00:00:00:01'/>"`,
  ],
  ["OBJECT_EXISTS", "Requested operation is not valid: there is already at least one DNS HOST record with a matching field in network n1"],
  ["OBJECT_NOT_FOUND", "Requested operation is not valid: couldn't locate a matching dhcp host entry in network 'n1'"],
  ["OBJECT_NOT_FOUND", "cannot remove config file '/etc/libvirt/qemu/networks/n1.xml': No such file or directory"],
  ["OBJECT_NOT_FOUND", "failed to get pool 'p1'"],
  ["OBJECT_ALREADY_SO", "pool 'p1' is not active"],
  ["OBJECT_ALREADY_SO", "Requested operation is not valid: storage pool 'p1' is not active"],
  ["OBJECT_ALREADY_SO", "Requested operation is not valid: network is not running"],
  ["DISK_IN_USE", "internal error: pool 'shop-5f3a' has asynchronous jobs running."],
  ["DISK_MISSING", "inaccessible backing store volume /nowhere: No such file or directory"],
  ["CHANGE_NEEDS_STOP", "internal error: No more available PCI slots"],
  ["OBJECT_ALREADY_SO", "Domain is already active"],
  ["OBJECT_ALREADY_SO", "Requested operation is not valid: domain is not running"],
  ["OBJECT_ALREADY_SO", "Requested operation is not valid: network 'net' is not active"],
  [
    "DISK_IN_USE",
    `internal error: process exited while connecting to monitor: qemu-system-x86_64: -blockdev {}: Failed to get "write" lock\nIs another process using the image [F]?`,
  ],
  ["DISK_MISSING", "Cannot access backing file 'B' of storage file 'D' (as uid:0, gid:0): No such file or directory"],
  ["DISK_DENIED", "Cannot access storage file '/root/d' (as uid:64055, gid:107): Permission denied"],
  ["DISK_FORMAT", "internal error: process exited while connecting to monitor: Image is not in qcow2 format"],
  ["DISK_FULL", "cannot write data to file 'x': No space left on device"],
  ["KVM_UNAVAILABLE", "unsupported configuration: Emulator '/usr/bin/qemu-system-x86_64' does not support virt type 'kvm'"],
  ["KVM_BROKEN", "internal error: qemu unexpectedly closed the monitor: error: failed to set MSR 0x48e to 0xfff9fffe04006172"],
  [
    "CPU_UNSUPPORTED",
    "unsupported configuration: CPU mode 'host-passthrough' for x86_64 qemu domain on x86_64 host is not supported by hypervisor",
  ],
  ["MACHINE_UNSUPPORTED", "unsupported configuration: No emulator found for arch 'riscv64'"],
  ["FIRMWARE_MISSING", "operation failed: Unable to find any firmware to satisfy 'efi'"],
  ["NO_MEMORY", "internal error: process exited while connecting to monitor: cannot set up guest memory 'pc.ram': Cannot allocate memory"],
  ["NETWORK_IN_USE", "internal error: Network is already in use by interface trm-n1-0a1b"],
  ["NETWORK_IN_USE", "error creating bridge interface X: File exists"],
  ["FIREWALL_FAILED", "internal error: Failed to apply firewall rules /usr/sbin/iptables: No chain/target/match by that name."],
  ["AGENT_DOWN", "Guest agent is not responding: QEMU guest agent is not connected"],
  ["CHANGE_NEEDS_STOP", "Operation not supported: can't update 'forward' section of network 'n1'"],
  [
    "DEFINITION_REFUSED",
    "XML document failed to validate against schema: Unable to validate doc against /usr/share/libvirt/schemas/domain.rng",
  ],
  ["DEFINITION_REFUSED", "(domain_definition):24: Premature end of data in tag domain line 1"],
  ["QEMU_DIED", "internal error: qemu unexpectedly closed the monitor"],
  ["HYPERVISOR_FAILED", "An error of tomorrow"],
])("%s is told by: %s", (code, message) => {
  expect(classifyVirshError(`error: Failed to do it\nerror: ${message}\n`)).toBe(code);
});

test("the cause is the last error line, since libvirt puts what failed first", () => {
  expect(virshCause("error: Failed to start domain 'web'\nerror: Domain is already active\n\n")).toBe("Domain is already active");
  expect(virshCause("virsh: words of its own\n")).toBe("virsh: words of its own");
  expect(virshCause("")).toBe("");
});
