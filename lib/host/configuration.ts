import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { HostPaths } from "./host-directory.ts";
import type { Uplink } from "./host-record.ts";
import { slirpNameServer } from "./uplink.ts";

/**
 * The socket's own mode is the guard: only root connects. The directory must stay passable, since QEMU's user has files of its own below it.
 */
const libvirtdConfiguration = `auth_unix_ro = "none"
auth_unix_rw = "none"
unix_sock_ro_perms = "0700"
unix_sock_rw_perms = "0700"
unix_sock_admin_perms = "0700"
log_outputs = "3:file:/var/log/libvirt/libvirtd.log"
`;

/**
 * QEMU's user is not named: it is the distribution's unprivileged one. No security driver, since the machine's AppArmor or SELinux rules are
 * for its own libvirtd's paths. remember_owner would write extended attributes on images that other hosts share.
 */
const qemuConfiguration = `security_driver = "none"
remember_owner = 0
`;

/**
 * Writes what libvirtd reads as /etc/libvirt, and makes the directories that stand for libvirt's others. The machine's own settings, networks and
 * domains do not come in; only the packaged network filters do. What libvirtd has stored there itself is kept.
 */
export async function writeConfiguration(paths: HostPaths, uplink: Uplink): Promise<void> {
  await mkdir(paths.directory, { recursive: true, mode: 0o711 });
  // virtlogd opens console logs in log/qemu before libvirtd has made it.
  for (const directory of [paths.run, paths.etc, paths.lib, paths.cache, paths.log, join(paths.log, "qemu")]) {
    await mkdir(directory, { recursive: true, mode: 0o711 });
  }
  await writeFile(join(paths.etc, "libvirtd.conf"), libvirtdConfiguration);
  await writeFile(join(paths.etc, "qemu.conf"), qemuConfiguration);
  await writeFile(join(paths.etc, "virtlogd.conf"), "");
  await writeFile(join(paths.directory, "resolv.conf"), uplink === "slirp" ? `nameserver ${slirpNameServer}\n` : "");
  await cp("/etc/libvirt/nwfilter", join(paths.etc, "nwfilter"), { recursive: true, force: false }).catch(
    (error: NodeJS.ErrnoException) => {
      // A libvirt without packaged filters: then nobody can name one.
      if (error.code !== "ENOENT") throw error;
    },
  );
}

/** After a reboot of the machine, what was in `run` is void, as a real /run would be empty: pids, sockets, which networks are active. */
export async function clearRunDirectory(paths: HostPaths): Promise<void> {
  await rm(paths.run, { recursive: true, force: true });
  await mkdir(paths.run, { recursive: true, mode: 0o711 });
}
