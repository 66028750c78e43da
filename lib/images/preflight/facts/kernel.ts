import type { GuestTree } from "../../inspect/guest-tree.ts";
import type { Base, Driver } from "../base.ts";

/** The option of the kernel's configuration behind each driver. */
const options: Readonly<Record<Driver, string>> = {
  virtio_pci: "VIRTIO_PCI",
  virtio_blk: "VIRTIO_BLK",
  virtio_net: "VIRTIO_NET",
  virtio_scsi: "SCSI_VIRTIO",
  sr_mod: "BLK_DEV_SR",
  isofs: "ISO9660_FS",
  ahci: "SATA_AHCI",
};

/**
 * The kernel with most of the drivers that we need, of several equal ones the newest: which of them boots is not told without reading every kind of boot loader.
 * A driver may be a module, built in, or named by the kernel's configuration.
 */
export function readKernel(tree: GuestTree): Base["kernel"] {
  const kernels = Object.keys(tree.texts)
    .flatMap((path) => /^.*\/lib\/modules\/[^/]+(?=\/modules\.dep$)/.exec(path)?.[0] ?? [])
    .map((folder) => ({ release: folder.slice(folder.lastIndexOf("/") + 1), drivers: driversIn(tree, folder) }));
  return kernels
    .toSorted((a, b) => a.drivers.length - b.drivers.length || a.release.localeCompare(b.release, "en", { numeric: true }))
    .at(-1);
}

function driversIn(tree: GuestTree, folder: string): Driver[] {
  const text = (path: string): string => tree.texts[path] ?? "";
  const release = folder.slice(folder.lastIndexOf("/") + 1);
  const modules = text(`${folder}/modules.dep`).replaceAll(/:.*$/gm, "") + text(`${folder}/modules.builtin`);
  const config = text(`/boot/config-${release}`) + text(`${folder}/config`);
  const has = (driver: Driver): boolean =>
    new RegExp(`/${driver.replaceAll("_", "[_-]")}\\.ko`).test(modules) || new RegExp(`^CONFIG_${options[driver]}=y$`, "m").test(config);
  return (Object.keys(options) as Driver[]).filter(has);
}
