import type { BootstrapRecipe } from "../bootstrap-recipe.ts";

// What a guest needs to boot, to take a NoCloud seed, to be reached over SSH and asked through the guest agent. facts/test-bench.md.
const common = [
  "systemd-sysv",
  "udev",
  "dbus",
  "cloud-init",
  "openssh-server",
  "netplan.io",
  "qemu-guest-agent",
  "iproute2",
  "iputils-ping",
  "sudo",
  // growpart: the root file system grows with its disk at boot.
  "cloud-guest-utils",
  "e2fsprogs",
  "ca-certificates",
];

/** Suites whose `systemd` package still contains resolved, which later ones have as a package of its own. */
const resolvedInSystemd = ["buster", "bullseye", "focal", "jammy"];

/** Packages of an image, in the order given to apt. */
export function imagePackages({ distribution, suite, packages }: BootstrapRecipe): string[] {
  const small = distribution === "debian" ? "linux-image-cloud-amd64" : "linux-image-virtual";
  // apt's word for leaving a package out. A recipe without it keeps the small kernel also beside another one.
  const kernel = packages.includes(`${small}-`) ? [] : [small];
  // Without resolved, networkd writes no resolv.conf and no name resolves in the guest.
  const resolved = resolvedInSystemd.includes(suite) ? [] : ["systemd-resolved"];
  // ifupdown would configure the NICs beside netplan.
  return [...kernel, ...common, ...resolved, "ifupdown-", ...packages];
}
