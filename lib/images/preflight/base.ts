/** A kernel driver that a sandbox needs: for its disk, its cards, or the CD-ROM with its seed. */
export type Driver = "virtio_pci" | "virtio_blk" | "virtio_net" | "virtio_scsi" | "sr_mod" | "isofs" | "ahci";

/** A network file of the image's own that is bound to one card by its MAC. */
export interface PinnedFile {
  readonly path: string;
  readonly kind: "ifcfg" | "networkd" | "netplan" | "NetworkManager" | "ifupdown";
  /** Lower case. */
  readonly macs: readonly string[];
}

/**
 * What matters of a base image: facts told from its files, without any secret and any verdict, so that they can be kept. `unknown` facts are absent.
 */
export interface Base {
  readonly disk: { readonly table: "gpt" | "mbr" | "none"; readonly root: string; readonly bootsFromBios: boolean };
  /** As the image calls itself: `Debian GNU/Linux 12 (bookworm)`. */
  readonly os?: string;
  readonly cloudInit: {
    readonly installed: boolean;
    readonly version?: string;
    /** What switches it off: a file or a setting. */
    readonly disabledBy?: string;
    /** The only datasources it looks for, and the file that says so. Absent: all that it has. */
    readonly datasources?: { readonly names: readonly string[]; readonly from: string };
    /** What keeps it from configuring the network. */
    readonly networkDisabledBy?: string;
  };
  /** Network renderers that are installed, the one that cloud-init takes first. */
  readonly renderers: readonly string[];
  /** Absent: no kernel with a list of modules was found. */
  readonly kernel?: { readonly release: string; readonly drivers: readonly Driver[] };
  readonly identity: {
    /** That of the machine that booted it before. */
    readonly instanceId?: string;
    readonly machineId: boolean;
    readonly hostKeys: readonly string[];
  };
  readonly network: { readonly pinned: readonly PinnedFile[]; readonly udevRules: readonly string[] };
  readonly guestAgent: boolean;
  /** What makes its boot long. */
  readonly slowBoot: readonly string[];
}
