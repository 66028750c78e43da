import { join } from "node:path";
import { runProgram } from "../hypervisor/program.ts";
import type { HostPaths } from "./host-directory.ts";
import { hostFailure } from "./host-failure.ts";
import { namespaceFile } from "./network-namespace.ts";
import { endProcesses, readVerifiedPid } from "./processes.ts";

/**
 * What runs inside a fresh mount namespace: puts the host's directories in the places that libvirt has built in, then starts the daemon.
 * $1 is the host's directory, $2 its cache, the rest is the daemon's command line.
 *
 * - /run is new and empty: no D-Bus, so that systemd-machined never hears of our guests (it knows one machine per name, we have several hosts).
 * - /dev/kvm is a node of our own that QEMU's user may open. Where it may not, libvirtd, which asks as root, takes its answer for out of date and
 *   probes every QEMU anew at each call: 4 s each (measured, libvirt 9.0).
 * - /sys is mounted anew: it shows the interfaces of this network namespace, and no control groups, whose directories hosts would share. What was
 *   mounted there goes first: libvirt finds control groups in the table of mounts, also those that lie hidden.
 * - /var/lib/libvirt is the host's own; /var/lib/terrarium is the machine's, so that images and disks have one path inside and outside.
 */
const enterScript = `set -e
state=$1
cache=$2
shift 2
umount -R -l /sys
mount -t sysfs sysfs /sys
mount -t tmpfs -o mode=755,size=64m tmpfs /run
mkdir -p /run/libvirt /run/lock
if [ -c /dev/kvm ]; then
  mknod -m 666 /run/kvm c 10 232
  mount --bind /run/kvm /dev/kvm
fi
mount --bind "$state/run" /run/libvirt
mkdir -p /var/lib/libvirt /var/cache/libvirt /var/log/libvirt /etc/libvirt
mount --bind "$state/lib" /var/lib/libvirt
mount --bind "$state/log" /var/log/libvirt
mount --bind "$cache" /var/cache/libvirt
mount --bind "$state/etc" /etc/libvirt
resolver=$(readlink -m /etc/resolv.conf)
case $resolver in
  /run/*) mkdir -p "\${resolver%/*}"; cp "$state/resolv.conf" "$resolver" ;;
  *) if [ -e "$resolver" ]; then mount --bind "$state/resolv.conf" "$resolver"; fi ;;
esac
exec "$@"
`;

export const daemons = ["virtlogd", "libvirtd"] as const;
type Daemon = (typeof daemons)[number];

/** Outside path of a daemon's pid file. It is also the daemon's `-p` argument, by which its process is recognized. */
const pidFile = ({ directory }: HostPaths, daemon: Daemon): string => join(directory, `${daemon}.pid`);

/** The daemon's process, if it runs. */
export async function readDaemon(paths: HostPaths, daemon: Daemon): Promise<number | undefined> {
  return await readVerifiedPid(pidFile(paths, daemon), pidFile(paths, daemon));
}

/** True if libvirtd answers on the host's socket within `timeout` milliseconds. */
export async function isAnswering(uri: string, timeout = 10_000): Promise<boolean> {
  const result = await runProgram("virsh", ["-q", "-c", uri, "uri"], { timeout });
  return result.exitCode === 0;
}

/**
 * Starts the daemon in the host's namespaces. Does nothing if it runs. Each daemon gets a mount namespace of its own with equal contents, so a
 * killed one can be started again beside guests that live on.
 */
export async function startDaemon(paths: HostPaths, daemon: Daemon): Promise<void> {
  if ((await readDaemon(paths, daemon)) !== undefined) return;
  const enter = [`--net=${namespaceFile(paths.netns)}`, "unshare", "--mount", "--propagation", "private"];
  const command = [daemon, "-d", "-p", pidFile(paths, daemon)];
  const result = await runProgram("nsenter", [...enter, "sh", "-c", enterScript, "enter", paths.directory, paths.cache, ...command]);
  if (result.exitCode !== 0)
    throw hostFailure(`${daemon} of host "${paths.name}" did not start (its log: ${paths.log}/${daemon}.log)`, result);
}

/** Ends the host's daemons, libvirtd first. Guests are not touched. */
export async function stopDaemons(paths: HostPaths, names: readonly Daemon[] = ["libvirtd", "virtlogd"]): Promise<void> {
  for (const daemon of names) {
    const pid = await readDaemon(paths, daemon);
    if (pid !== undefined) await endProcesses([pid], 5000);
  }
}
