import type { ImageSource, Lab } from "./lab.ts";

/** Debian's kernels: the one for clouds has no AHCI, which is all that a machine of VirtualBox has for its disks. */
const general = "linux-image-amd64";
const cloud = "linux-image-cloud-amd64";

/**
 * The recipe with the kernel that its lab's hypervisor needs, in apt's own words: `linux-image-amd64` in, `linux-image-cloud-amd64-` out for Debian on VirtualBox. A
 * kernel that the recipe names itself stays. On KVM nothing changes, so that no image there gets another name. Pure; applied twice it is the same as once.
 *
 * @example withKernelFor("virtualbox", debian).packages // ["linux-image-amd64", "linux-image-cloud-amd64-"]
 */
export function withKernelFor(hypervisor: Lab["hypervisor"], source: ImageSource): ImageSource {
  if (hypervisor !== "virtualbox" || source.kind !== "bootstrap" || source.distribution !== "debian") return source;
  const { packages } = source;
  const kernels = packages.filter((name) => name.startsWith("linux-image-") && !name.endsWith("-"));
  if (kernels.some((name) => name.startsWith(cloud)) || packages.includes(`${cloud}-`)) return source;
  return { ...source, packages: [...packages, ...(kernels.length === 0 ? [general] : []), `${cloud}-`] };
}
