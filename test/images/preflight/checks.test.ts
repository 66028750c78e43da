import { expect, test } from "vitest";
import { judgeBase } from "../../../lib/images/preflight/checks.ts";
import type { CheckName, Finding, Purpose } from "../../../lib/images/preflight/finding.ts";
import { readBase } from "../../../lib/images/preflight/read-base.ts";
import { findingIn, findingOf, goodFiles, tree } from "./guest.ts";

const root = { number: 1, offset: 1024 ** 2, size: 1024 ** 3, content: "ext4", isEfi: false };
const disk = { table: "mbr", partitions: [root], hasBootCode: true } as const;
const cfg = "/etc/cloud/cloud.cfg.d/99-own.cfg";
const unit = "/usr/lib/systemd/system/cloud-init.service";
const ifcfg = { "/etc/sysconfig/network-scripts/ifcfg-eth0": "DEVICE=eth0\nHWADDR=52:54:00:AA:BB:CC\n" };

test("of a base as it should be everything is fine", () => {
  const findings = judgeBase(readBase({ seen: true, disk, root, tree: tree(goodFiles) }), { hypervisor: "kvm", seeds: ["nocloud"] });
  expect(findings.filter(({ verdict }) => verdict !== "fine")).toEqual([]);
  expect(findings.map(({ check }) => check)).toHaveLength(14);
});

type Row = [
  title: string,
  check: CheckName,
  changes: Readonly<Record<string, string | undefined>>,
  expected: { verdict: Finding["verdict"]; found: unknown },
  purpose?: Partial<Purpose>,
];
const rows: Row[] = [
  ["no cloud-init", "cloud-init", { "/usr/bin/cloud-init": undefined }, { verdict: "cannot", found: "not installed" }],
  [
    "cloud-init's version as its package says",
    "cloud-init",
    { "/usr/lib/python3.9/site-packages/cloudinit/version.py": '_PACKAGED_VERSION = "23.1.1-11.el9"\n' },
    { verdict: "fine", found: "23.1.1-11.el9, enabled" },
  ],
  [
    "cloud-init disabled by its file",
    "cloud-init",
    { "/etc/cloud/cloud-init.disabled": "" },
    { verdict: "cannot", found: expect.stringContaining("cloud-init.disabled") },
  ],
  [
    "cloud-init disabled on a BLS command line",
    "cloud-init",
    { "/boot/loader/entries/a.conf": "title x\noptions root=/dev/vda1 cloud-init=disabled\n" },
    { verdict: "cannot", found: expect.stringContaining("/boot/loader/entries/a.conf") },
  ],
  [
    "a comment about the command line",
    "cloud-init",
    { "/etc/default/grub": "# linux cloud-init=disabled\n" },
    { verdict: "fine", found: expect.stringContaining("enabled") },
  ],
  [
    "ds-identify's policy",
    "cloud-init",
    { "/etc/cloud/ds-identify.cfg": "policy: disabled\n" },
    { verdict: "cannot", found: expect.stringContaining("policy: disabled") },
  ],
  [
    "a masked service",
    "cloud-init",
    { "/etc/systemd/system/cloud-init-local.service": "-> /dev/null" },
    { verdict: "cannot", found: expect.stringContaining("is masked") },
  ],
  ["services that are not enabled", "cloud-init", { [unit]: "" }, { verdict: "cannot", found: expect.stringContaining("not enabled") }],
  [
    "services that are enabled",
    "cloud-init",
    { [unit]: "", "/etc/systemd/system/cloud-init.target.wants/cloud-init.service": `-> ${unit}` },
    { verdict: "fine", found: expect.stringContaining("enabled") },
  ],
  [
    "a list of datasources with ours",
    "datasources",
    { [cfg]: "datasource_list: [ NoCloud, None ]\n" },
    { verdict: "fine", found: `NoCloud, None (${cfg})` },
  ],
  [
    "a list of datasources without ours",
    "datasources",
    { [cfg]: "datasource_list: [ Ec2 ]\n" },
    { verdict: "cannot", found: `Ec2 (${cfg})` },
  ],
  [
    "a list that a later file widens",
    "datasources",
    { [cfg]: "datasource_list: [Ec2]\n", "/etc/cloud/cloud.cfg.d/99-z.cfg": "datasource_list: [NoCloud]\n" },
    { verdict: "fine", found: "NoCloud (/etc/cloud/cloud.cfg.d/99-z.cfg)" },
  ],
  [
    "NoCloud only, for a seed on a config drive",
    "datasources",
    { [cfg]: "datasource_list: [NoCloud]\n" },
    { verdict: "cannot", found: `NoCloud (${cfg})` },
    { seeds: ["configdrive"] },
  ],
  [
    "settings that are no YAML",
    "datasources",
    { [cfg]: "datasource_list: [Ec2\n" },
    { verdict: "fine", found: "all that cloud-init knows" },
  ],
  [
    "ds-identify told of one datasource",
    "datasources",
    { "/etc/cloud/ds-identify.cfg": "datasource: Ec2\n" },
    { verdict: "cannot", found: "Ec2 (/etc/cloud/ds-identify.cfg)" },
  ],
  [
    "network left alone",
    "renderer",
    { [cfg]: "network: {config: disabled}\n" },
    { verdict: "cannot", found: expect.stringContaining(cfg) },
  ],
  [
    "ifupdown before netplan",
    "renderer",
    { "/usr/sbin/ifup": "", "/usr/sbin/ifdown": "", "/usr/sbin/ifquery": "", "/etc/network/interfaces": "auto lo\n" },
    { verdict: "fine", found: "eni (also there: netplan)" },
  ],
  [
    "the image's own order of renderers",
    "renderer",
    {
      "/usr/sbin/ifup": "",
      "/usr/sbin/ifdown": "",
      "/usr/sbin/ifquery": "",
      "/etc/network/interfaces": "",
      [cfg]: "system_info: {network: {renderers: [netplan, eni]}}\n",
    },
    { verdict: "fine", found: "netplan (also there: eni)" },
  ],
  ["no renderer that we know", "renderer", { "/usr/sbin/netplan": undefined }, { verdict: "unseen", found: "none that we know" }],
  [
    "a kernel without virtio",
    "kernel",
    { "/usr/lib/modules/6.1.0-9-amd64/modules.dep": "kernel/x/ahci.ko:\n" },
    { verdict: "cannot", found: expect.stringContaining("virtio_blk") },
  ],
  [
    "drivers built in",
    "kernel",
    {
      "/usr/lib/modules/6.1.0-9-amd64/modules.dep": "",
      "/boot/config-6.1.0-9-amd64": ["VIRTIO_PCI", "VIRTIO_BLK", "VIRTIO_NET", "SCSI_VIRTIO", "BLK_DEV_SR", "ISO9660_FS"]
        .map((name) => `CONFIG_${name}=y\n`)
        .join(""),
    },
    { verdict: "fine", found: expect.stringContaining("6.1.0-9-amd64") },
  ],
  [
    "a cloud kernel on VirtualBox",
    "kernel",
    {
      "/usr/lib/modules/6.1.0-9-amd64/modules.dep":
        "kernel/x/sr_mod.ko:\nkernel/x/isofs.ko:\nkernel/x/virtio_pci.ko:\nkernel/x/virtio_net.ko:\n",
    },
    { verdict: "cannot", found: "6.1.0-9-amd64 without ahci" },
    { hypervisor: "virtualbox" },
  ],
  [
    "no kernel to be seen",
    "kernel",
    { "/usr/lib/modules/6.1.0-9-amd64/modules.dep": undefined },
    { verdict: "unseen", found: "no list of a kernel's modules" },
  ],
  [
    "a stale instance-id",
    "instance-id",
    { "/var/lib/cloud/data/instance-id": "test-vm-arm64\n" },
    { verdict: "cured", found: "test-vm-arm64, of a former machine" },
  ],
  [
    "a filled machine-id",
    "machine-id",
    { "/etc/machine-id": `${"ab12".repeat(8)}\n` },
    { verdict: "cured", found: expect.stringContaining("filled") },
  ],
  [
    "a machine-id to be made",
    "machine-id",
    { "/etc/machine-id": "uninitialized\n" },
    { verdict: "fine", found: expect.stringContaining("empty") },
  ],
  [
    "host keys",
    "host-keys",
    { "/etc/ssh/ssh_host_rsa_key": "", "/etc/ssh/ssh_host_rsa_key.pub": "" },
    { verdict: "cured", found: "ssh_host_rsa_key of a former machine" },
  ],
  ["HWADDR", "mac-addresses", ifcfg, { verdict: "cured", found: "/etc/sysconfig/network-scripts/ifcfg-eth0 (52:54:00:aa:bb:cc)" }],
  [
    "HWADDR that nobody can cure",
    "mac-addresses",
    { ...ifcfg, [cfg]: "network: {config: disabled}\n" },
    { verdict: "cannot", found: expect.stringContaining("ifcfg-eth0") },
  ],
  [
    "HWADDR without cloud-init",
    "mac-addresses",
    { ...ifcfg, "/usr/bin/cloud-init": undefined },
    { verdict: "cannot", found: expect.stringContaining("ifcfg-eth0") },
  ],
  [
    "a HWADDR that is commented out",
    "mac-addresses",
    { "/etc/sysconfig/network-scripts/ifcfg-eth0": "#HWADDR=52:54:00:AA:BB:CC\n" },
    { verdict: "fine", found: expect.any(String) },
  ],
  [
    "networkd by MAC",
    "mac-addresses",
    { "/etc/systemd/network/10-lan.network": "[Match]\nMACAddress=52:54:00:aa:bb:cc\n" },
    { verdict: "cured", found: expect.stringContaining("10-lan.network") },
  ],
  [
    "netplan by MAC",
    "mac-addresses",
    { "/etc/netplan/50-cloud-init.yaml": "network: {ethernets: {a: {match:\n  {macaddress: '52:54:00:aa:bb:cc'}}}}\n" },
    { verdict: "cured", found: expect.stringContaining("50-cloud-init.yaml") },
  ],
  [
    "NetworkManager by MAC",
    "mac-addresses",
    { "/etc/NetworkManager/system-connections/Wired connection 1.nmconnection": "[ethernet]\nmac-address=52:54:00:AA:BB:CC\n" },
    { verdict: "cured", found: expect.stringContaining("Wired connection 1") },
  ],
  [
    "ifupdown that sets a MAC",
    "mac-addresses",
    { "/etc/network/interfaces": "iface eth0 inet dhcp\n  hwaddress ether 52:54:00:aa:bb:cc\n" },
    { verdict: "cured", found: expect.stringContaining("/etc/network/interfaces") },
  ],
  [
    "udev's persistent names",
    "udev-rules",
    { "/etc/udev/rules.d/70-persistent-net.rules": 'SUBSYSTEM=="net", ATTR{address}=="52:54:00:aa:bb:cc", NAME="eth0"\n' },
    { verdict: "cured", found: "/etc/udev/rules.d/70-persistent-net.rules" },
  ],
  ["the guest agent", "guest-agent", { "/usr/sbin/qemu-ga": "" }, { verdict: "fine", found: "qemu-guest-agent" }],
  [
    "a desktop",
    "boot-time",
    { "/etc/systemd/system/display-manager.service": "-> /lib/systemd/system/gdm.service" },
    { verdict: "fine", found: expect.stringContaining("a desktop") },
  ],
];

test.each(rows)("%s: %s", (_, check, changes, expected, purpose) => {
  expect(findingOf(check, changes, purpose)).toMatchObject(expected);
});

test("a disk that only UEFI boots cannot work, one that a BIOS starts, too, is fine", () => {
  const partitions = [{ ...root, number: 15, content: "vfat", isEfi: true }, root];
  const verdict = (hasBootCode: boolean): unknown =>
    findingIn({ seen: true, disk: { table: "gpt", partitions, hasBootCode }, root, tree: tree(goodFiles) }, "boot-loader").verdict;
  expect([verdict(false), verdict(true)]).toEqual(["cannot", "fine"]);
});

test("findings that `images prepare` would cure name it", () => {
  const filled = { "/etc/machine-id": `${"ab12".repeat(8)}\n`, "/usr/sbin/netplan": undefined };
  expect(findingOf("machine-id", filled)).toMatchObject({ how: expect.stringContaining("terrarium images prepare IMAGE --out FILE") });
  expect(findingOf("mac-addresses", { ...ifcfg, [cfg]: "network: {config: disabled}\n" })).toMatchObject({
    nextStep: expect.stringContaining("terrarium images prepare IMAGE --out FILE --remove-network-files"),
  });
});
