import type { GuestEntry, GuestTree, TreeReader } from "./guest-tree.ts";

const units = ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

const directories: readonly string[] = [
  ...["/", "/boot", "/boot/loader/entries", "/etc", "/etc/cloud", "/etc/cloud/cloud.cfg.d"],
  ...["/var/lib/cloud", "/var/lib/cloud/data", "/var/lib/cloud/instances", "/etc/ssh", "/usr/lib", "/lib/modules", "/usr/lib/modules"],
  ...["/usr/bin", "/usr/sbin", "/sbin", "/bin", "/usr/local/bin", ...units],
  ...["/etc/netplan", "/etc/systemd/network", "/etc/NetworkManager", "/etc/NetworkManager/system-connections"],
  ...["/etc/network", "/etc/network/interfaces.d", "/etc/sysconfig", "/etc/sysconfig/network-scripts", "/etc/udev/rules.d"],
];

const files: readonly string[] = [
  ...["/etc/os-release", "/usr/lib/os-release", "/etc/machine-id", "/etc/cloud/cloud.cfg", "/etc/cloud/ds-identify.cfg"],
  ...["/var/lib/cloud/data/instance-id", "/etc/network/interfaces", "/etc/default/grub", "/etc/kernel/cmdline"],
  ...["/boot/grub/grub.cfg", "/boot/grub2/grub.cfg", "/boot/extlinux/extlinux.conf"],
  // Of Debian's packages: the version where Python's files do not tell it.
  "/usr/lib/python3/dist-packages/cloudinit/version.py",
];

/** Files that are read in a directory that was listed. */
const inDirectories: readonly (readonly [directory: string, name: RegExp])[] = [
  ["/etc/cloud/cloud.cfg.d", /\.cfg$/],
  ["/boot/loader/entries", /\.conf$/],
  ["/etc/netplan", /\.yaml$/],
  ["/etc/systemd/network", /\.(network|link)$/],
  ["/etc/NetworkManager/system-connections", /./],
  ["/etc/network/interfaces.d", /./],
  ["/etc/sysconfig/network-scripts", /^ifcfg-/],
  ["/etc/udev/rules.d", /net|eth|mac/i],
];

/**
 * Reads what the checks look at, and nothing else: no user-data, no keys, no passwords of users. In few rounds, as every round is a process.
 */
export async function readTree(reader: TreeReader): Promise<GuestTree> {
  const first = await reader.list(directories);
  const below = await reader.list(laterDirectories(first));
  const listed = { ...first, ...below };
  const named = inDirectories.flatMap(([directory, name]) => filesIn(listed, directory, name));
  const texts = await reader.read([...files, ...named, ...kernelFiles(listed), ...versionFiles(listed)]);
  return { directories: listed, texts };
}

function laterDirectories(listed: Listed): string[] {
  const wants = units.flatMap((directory) =>
    names(listed, directory, /\.(wants|requires)$/, "directory").map((name) => `${directory}/${name}`),
  );
  const pythons = names(listed, "/usr/lib", /^python3/, "directory").flatMap((name) =>
    ["dist-packages", "site-packages"].map((packages) => `/usr/lib/${name}/${packages}`),
  );
  return [...wants, ...pythons, ...moduleFolders(listed)];
}

/** `/lib/modules/6.1.0-56-cloud-amd64`, by whichever way it is found. */
function moduleFolders(listed: Listed): string[] {
  const base = (listed["/usr/lib/modules"]?.length ?? 0) > 0 ? "/usr/lib/modules" : "/lib/modules";
  return names(listed, base, /^\d/, "directory").map((name) => `${base}/${name}`);
}

function kernelFiles(listed: Listed): string[] {
  const modules = moduleFolders(listed).flatMap((folder) =>
    ["modules.dep", "modules.builtin", "config"].map((name) => `${folder}/${name}`),
  );
  return [...modules, ...filesIn(listed, "/boot", /^config-/)];
}

function versionFiles(listed: Listed): string[] {
  return Object.keys(listed)
    .filter((directory) => directory.endsWith("-packages"))
    .map((directory) => `${directory}/cloudinit/version.py`);
}

type Listed = Readonly<Record<string, readonly GuestEntry[]>>;

function names(listed: Listed, directory: string, name: RegExp, kind: GuestEntry["kind"]): string[] {
  return (listed[directory] ?? []).filter((entry) => entry.kind === kind && name.test(entry.name)).map((entry) => entry.name);
}

function filesIn(listed: Listed, directory: string, name: RegExp): string[] {
  return names(listed, directory, name, "file").map((found) => `${directory}/${found}`);
}
