import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";

/** Where embedded hosts live. Short, because a UNIX socket's whole path holds 107 bytes. */
const defaultRoot = "/var/lib/terrarium/h";
const longestSocketPath = 107;

/** The paths of one embedded host. All but the cache are under `directory`. */
export interface HostPaths {
  readonly name: string;
  readonly directory: string;
  /** Name of its network namespace; differs for hosts of the same name under different roots. */
  readonly netns: string;
  /** What libvirt sees as /run/libvirt, /etc/libvirt, /var/lib/libvirt and /var/log/libvirt. */
  readonly run: string;
  readonly etc: string;
  readonly lib: string;
  readonly log: string;
  /** What it sees as /var/cache/libvirt: shared by the hosts beside it, since learning what QEMU can do takes seconds. Safe to delete. */
  readonly cache: string;
  readonly socket: string;
  /** For virsh and for the Terraform provider, which refuses `qemu+unix`. */
  readonly uri: string;
}

/** The directory of all embedded hosts: `TERRARIUM_HOST_DIR`, else /var/lib/terrarium/h. */
export function hostsDirectory(): string {
  return resolve(process.env["TERRARIUM_HOST_DIR"] ?? defaultRoot);
}

/**
 * Says where the embedded host of that name keeps everything. Pure: looks at nothing.
 *
 * @param root @default hostsDirectory()
 * @throws DiagnosticError HOST_NAME_INVALID if it is no DNS label of at most 24 characters, or the path gets too long for a socket
 */
export function hostPaths(name: string, root: string = hostsDirectory()): HostPaths {
  if (!/^[a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?$/.test(name)) {
    throw new DiagnosticError({
      code: "HOST_NAME_INVALID",
      severity: "error",
      summary: `expected a host name of 1 to 24 lower-case letters, digits and hyphens, got ${JSON.stringify(name)}`,
      nextStep: 'Choose a name such as "local" or "alpha-2".',
    });
  }
  const directory = join(resolve(root), name);
  const run = join(directory, "run");
  const socket = join(run, "libvirt-sock");
  if (Buffer.byteLength(join(run, "libvirt-admin-sock")) > longestSocketPath) {
    throw new DiagnosticError({
      code: "HOST_NAME_INVALID",
      severity: "error",
      summary: `the sockets of host "${name}" would be in ${run}, which is too long: a socket's path holds ${longestSocketPath} bytes`,
      nextStep: "Set TERRARIUM_HOST_DIR to a shorter directory.",
    });
  }
  return {
    name,
    directory,
    netns: `trm-${name}-${createHash("sha256").update(directory).digest("hex").slice(0, 6)}`,
    run,
    etc: join(directory, "etc"),
    lib: join(directory, "lib"),
    log: join(directory, "log"),
    cache: process.env["TERRARIUM_LIBVIRT_CACHE"] ?? join(resolve(root), ".cache"),
    socket,
    uri: `qemu:///system?socket=${encodeURI(socket)}`,
  };
}
