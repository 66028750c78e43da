import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { programEnvironment } from "../hypervisor/program.ts";
import type { Uplink } from "./host-record.ts";

/** Debian's package for each program that an embedded host runs. */
const packages = {
  libvirtd: "libvirt-daemon-system",
  virtlogd: "libvirt-daemon-system",
  virsh: "libvirt-clients",
  "qemu-system-x86_64": "qemu-system-x86",
  "qemu-img": "qemu-utils",
  dnsmasq: "dnsmasq-base",
  ip: "iproute2",
  iptables: "iptables",
  nsenter: "util-linux",
  unshare: "util-linux",
  flock: "util-linux",
  mount: "mount",
} as const;

/** True if the program is on the search path, or in a directory for system programs. */
export async function isInstalled(program: string): Promise<boolean> {
  for (const directory of (programEnvironment()["PATH"] ?? "").split(":")) {
    const found = await access(join(directory, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}

/** The way out for guests, where nothing was asked for: slirp4netns if it is installed. */
export async function defaultUplink(): Promise<Uplink> {
  return (await isInstalled("slirp4netns")) ? "slirp" : "none";
}

/**
 * Says why an embedded host cannot run here; empty if it can.
 *
 * @param uplink the way out that it shall have
 */
export async function checkPrerequisites(uplink: Uplink = "none"): Promise<Diagnostic[]> {
  if (process.platform !== "linux") {
    return [
      {
        code: "HOST_NEEDS_LINUX",
        severity: "error",
        summary: `an embedded host needs Linux, this is ${process.platform}`,
        nextStep: "Name a libvirt host in the lab (`hosts: { local: { uri: qemu+ssh://USER@MACHINE/system } }`), or use VirtualBox.",
      },
    ];
  }
  const wanted: Record<string, string> = uplink === "slirp" ? { ...packages, slirp4netns: "slirp4netns" } : packages;
  const installed = await Promise.all(Object.keys(wanted).map(isInstalled));
  const missing = Object.keys(wanted).filter((_, index) => !installed[index]);
  const diagnostics: Diagnostic[] = [];
  if (missing.length > 0) {
    const names = [...new Set(missing.map((program) => wanted[program]))].join(" ");
    diagnostics.push({
      code: "HOST_PROGRAMS_MISSING",
      severity: "error",
      summary: `an embedded host needs ${missing.join(", ")}, not installed here`,
      nextStep: `Run: apt-get install -y --no-install-recommends ${names}`,
    });
  }
  if (process.getuid?.() !== 0) {
    diagnostics.push({
      code: "HOST_NEEDS_ROOT",
      severity: "error",
      summary: "an embedded host can only be used by root, for its network namespace",
      nextStep: "Run the command with sudo, or join the libvirt group and use the system's libvirtd: sudo adduser $USER libvirt",
    });
  }
  return diagnostics;
}
