import type { GuestSettings } from "../../schemas/lab/cloud-init/guest-settings.ts";

/**
 * What the seed of one sandbox is to say, with every default explicit and every secret in place. `lib/deploy` makes it from the lab; the files of each datasource
 * are made from it.
 */
export interface SeedIntent {
  /** A new one makes cloud-init run everything again. */
  readonly instanceId: string;
  /** One DNS label. */
  readonly hostname: string;
  /**
   * Fully qualified host name.
   *
   * @default - cloud-init appends `.localdomain` where one is needed
   */
  readonly fqdn?: string;
  /**
   * Login user to make, with sudo. The image's own user stays.
   *
   * @default - only the image's own user
   */
  readonly user?: string;
  /** Public keys, as in `authorized_keys`: for `user` and for the image's own user. */
  readonly authorizedKeys: readonly string[];
  /** The only SSH host keys that the sandbox has. Empty: it makes its own. */
  readonly hostKeys: readonly SeedHostKey[];
  /** Settings that cloud-init has under other names. */
  readonly settings?: GuestSettings;
  /** Devices of the disks that `settings.disks` names, by the disk's name. */
  readonly diskDevices?: Readonly<Record<string, string>>;
  readonly packages: readonly string[];
  /** Each a shell line, or a program with its arguments. */
  readonly runCmd: readonly (string | readonly string[])[];
  readonly writeFiles: readonly SeedFile[];
  /** The user's own, of any kind that `kindOfUserData` knows. Checked by `checkUserData` before. */
  readonly userData?: string | readonly string[];
  /** The user's own vendor-data, in the same forms. */
  readonly vendorData?: string | readonly string[];
  /** Further keys of the meta-data. None of them names the instance or the host. */
  readonly metaData?: Readonly<Record<string, unknown>>;
  /** The user's own network configuration, version 1 or 2: replaces what `nics` would make. */
  readonly networkConfig?: object;
  readonly nics: readonly SeedNic[];
}

/** An SSH host key. */
export interface SeedHostKey {
  readonly type: "ed25519";
  /** OpenSSH's PEM. */
  readonly privateKey: string;
  /** One line, as in a `.pub` file. */
  readonly publicKey: string;
}

/** A file that cloud-init writes. */
export interface SeedFile {
  readonly path: string;
  readonly content: string;
  /** Octal, as text: `0644`. */
  readonly permissions?: string;
  /** `user:group`. */
  readonly owner?: string;
  readonly append?: boolean;
  /** Write it at the end, when users and packages are there. */
  readonly defer?: boolean;
}

/** An interface, as the guest is to configure it. */
export interface SeedInterface {
  /** The name it gets in the guest, at most 15 characters. */
  readonly name: string;
  /** `none`: no IPv4 address. */
  readonly addressing: "dhcp" | "static" | "none";
  /** With its prefix: `10.20.0.5/24`. Needed for static addressing. */
  readonly address?: string;
  readonly gateway?: string;
  readonly nameservers: readonly string[];
  /** Name servers that DHCP tells are not asked. @default false */
  readonly ignoresDhcpDns?: boolean;
  /** Domains in which short names are searched. */
  readonly search: readonly string[];
  /** False for isolated networks, and for all but one interface of a sandbox. */
  readonly defaultRoute: boolean;
  readonly routes?: readonly SeedRoute[];
  readonly mtu?: number;
  /**
   * `slaac`, `dhcp`, or an address with its prefix.
   *
   * @default - what the guest's system does by itself
   */
  readonly ipv6?: string;
}

/** A network card. */
export interface SeedNic extends SeedInterface {
  /** How the guest finds the card. */
  readonly mac: string;
  /** VLANs on top of it. */
  readonly vlans?: readonly SeedVlan[];
}

/** A VLAN on top of a card; its name is `<card>.<id>`, the only one that every form of seed can give. */
export interface SeedVlan extends SeedInterface {
  readonly id: number;
}

/** A route beside the default route of a `gateway`. */
export interface SeedRoute {
  /** A block of either family; `0.0.0.0/0` and `::/0` for everywhere. */
  readonly to: string;
  readonly via: string;
  readonly metric?: number;
}

/** A file in a seed image. */
export interface SeedContent {
  /** From the image's root, `/` between folders. */
  readonly path: string;
  readonly content: string;
}
