import { expect, test } from "vitest";
import { planPreparation } from "../../../lib/images/prepare/plan-preparation.ts";
import type { UsedBase } from "../../../lib/images/prepare/preparation.ts";

const unused: UsedBase = {
  texts: { "/etc/machine-id": "" },
  sshFiles: ["sshd_config", "moduli"],
  cloud: [],
  hasDbusMachineId: false,
  pinned: [],
  udevRules: [],
};
const of = (base: Partial<UsedBase>, check: string, removeNetworkFiles = false) =>
  planPreparation({ ...unused, ...base }, { removeNetworkFiles }).find((preparation) => preparation.check === check);

test("a base that no machine has run from is left as it is", () => {
  for (const { done, left, edits } of planPreparation(unused)) expect({ done, left, edits }).toEqual({ edits: [] });
});

test("host keys go, with their public halves and certificates, and nothing else of sshd", () => {
  const sshFiles = ["sshd_config", "ssh_host_rsa_key", "ssh_host_rsa_key.pub", "ssh_host_rsa_key-cert.pub", "ssh_host_x\n"];
  expect(of({ sshFiles }, "host-keys")?.edits.map(({ path }) => path)).toEqual([
    "/etc/ssh/ssh_host_rsa_key",
    "/etc/ssh/ssh_host_rsa_key.pub",
    "/etc/ssh/ssh_host_rsa_key-cert.pub",
  ]);
});

test("of ifcfg files only the lines that bind them to a card go", () => {
  const path = "/etc/sysconfig/network-scripts/ifcfg-eth0";
  const texts = { [path]: "DEVICE=eth0\nHWADDR=52:54:00:aa:bb:cc\n MACADDR = 52:54:00:aa:bb:cc\n# HWADDR=1\nONBOOT=yes\n" };
  expect(of({ texts, pinned: [{ path, kind: "ifcfg" }] }, "mac-addresses")?.edits).toEqual([
    { kind: "shorten", path, text: "DEVICE=eth0\n# HWADDR=1\nONBOOT=yes\n" },
  ]);
});

test("other network files are named, and go only where that is asked for; /etc/network/interfaces never does", () => {
  const pinned = [
    { path: "/etc/netplan/01.yaml", kind: "netplan" },
    { path: "/etc/network/interfaces", kind: "ifupdown" },
  ];
  expect(of({ pinned }, "mac-addresses")).toMatchObject({ left: expect.stringContaining("--remove-network-files"), edits: [] });
  expect(of({ pinned }, "mac-addresses", true)).toEqual({
    check: "mac-addresses",
    done: "removed: /etc/netplan/01.yaml",
    left: "bound to a MAC: /etc/network/interfaces; remove those lines in the VM",
    edits: [{ kind: "remove", path: "/etc/netplan/01.yaml", isDirectory: false }],
  });
});

test("a udev file with nothing but rules about cards becomes empty; another one keeps its other rules", () => {
  const rule = 'SUBSYSTEM=="net", ATTR{address}=="52:54:00:aa:bb:cc", NAME="eth0"';
  const texts = { "/a.rules": rule, "/b.rules": `# kept\n${rule}\nACTION=="add", RUN+="/bin/x"\n` };
  expect(of({ texts, udevRules: ["/a.rules", "/b.rules"] }, "udev-rules")?.edits).toEqual([
    { kind: "empty", path: "/a.rules" },
    { kind: "shorten", path: "/b.rules", text: '# kept\nACTION=="add", RUN+="/bin/x"\n' },
  ]);
});

test("a name of cloud-init's that cannot be told to debugfs is left, with the directories that it may be in", () => {
  const cloud = [
    { path: '/var/lib/cloud/a/"\n', isDirectory: false },
    { path: "/var/lib/cloud/a", isDirectory: true },
    { path: "/var/lib/cloud/instance", isDirectory: false },
  ];
  const found = of({ cloud }, "instance-id");
  expect(found?.edits).toEqual([{ kind: "remove", path: "/var/lib/cloud/instance", isDirectory: false }]);
  expect(found?.left).toContain("1 files");
});
