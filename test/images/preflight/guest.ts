import type { GuestEntry, GuestTree } from "../../../lib/images/inspect/guest-tree.ts";
import type { Inspection } from "../../../lib/images/inspect/inspect-image.ts";
import { judgeBase } from "../../../lib/images/preflight/checks.ts";
import type { CheckName, Finding, Purpose } from "../../../lib/images/preflight/finding.ts";
import { readBase } from "../../../lib/images/preflight/read-base.ts";

const modules = ["virtio_pci", "virtio_blk", "virtio_net", "virtio_scsi", "sr_mod", "isofs", "ahci"].map(
  (name) => `kernel/x/${name}.ko.xz:\n`,
);

/** Files of a base on which everything is as it should be. */
export const goodFiles: Readonly<Record<string, string>> = {
  "/etc/os-release": 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
  "/etc/machine-id": "",
  "/etc/cloud/cloud.cfg": "users: [default]\n",
  "/usr/bin/cloud-init": "",
  "/usr/sbin/netplan": "",
  "/usr/lib/python3/dist-packages/cloudinit/version.py": '__VERSION__ = "22.4.2"\n_PACKAGED_VERSION = "@@PACKAGED_VERSION@@"\n',
  "/usr/lib/modules/6.1.0-9-amd64/modules.dep": modules.join(""),
};

/** A tree of these files: directories are told from the paths. `-> target` makes a link. */
export function tree(files: Readonly<Record<string, string>>): GuestTree {
  const directories: Record<string, GuestEntry[]> = {};
  for (const [path, text] of Object.entries(files)) {
    const at = path.lastIndexOf("/");
    const target = /^-> (.+)$/.exec(text)?.[1];
    const entry: GuestEntry = { name: path.slice(at + 1), kind: target === undefined ? "file" : "link", size: (target ?? text).length };
    (directories[path.slice(0, at) || "/"] ??= []).push(entry);
  }
  return { directories, texts: files };
}

const root = { number: 1, offset: 1024 ** 2, size: 1024 ** 3, content: "ext4", isEfi: false };

/** What is found of one thing in a good base with these changes; `undefined` takes a file away. */
export function findingOf(
  check: CheckName,
  changes: Readonly<Record<string, string | undefined>>,
  purpose: Partial<Purpose> = {},
): Finding {
  const files = Object.fromEntries(Object.entries({ ...goodFiles, ...changes }).filter(([, text]) => text !== undefined)) as Record<
    string,
    string
  >;
  return findingIn({ seen: true, disk: { table: "mbr", partitions: [root], hasBootCode: true }, root, tree: tree(files) }, check, purpose);
}

export function findingIn(inspection: Extract<Inspection, { seen: true }>, check: CheckName, purpose: Partial<Purpose> = {}): Finding {
  const findings = judgeBase(readBase(inspection), { hypervisor: "kvm", seeds: ["nocloud"], ...purpose });
  const found = findings.find((finding) => finding.check === check);
  if (!found) throw new Error(`${check} is not checked`);
  return found;
}
