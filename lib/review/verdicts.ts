import type { Path } from "../lab/path.ts";

/**
 * What a change does to a sandbox, from harmless to worst. `update`: in place. `reboot`: shut down and started again, disks and cloud-init as they were. `reseed`: a reboot
 * after which cloud-init runs again. `grow`: a disk grows in place. `rebuild`: a disk, mostly the root disk, is made anew.
 */
export type SandboxWord = "none" | "update" | "reboot" | "reseed" | "grow" | "rebuild" | "create" | "destroy";

/** What a change does to a network. `replaced`: removed and made again; its sandboxes reboot. */
export type NetworkWord = "none" | "update" | "replaced" | "create" | "destroy";

/** Why, in the words of the lab. */
export interface Reason {
  /** `memory 1GiB → 2GiB` */
  readonly text: string;
  /** Where in the lab as written. Absent where the lab is not the reason. */
  readonly path?: Path;
}

/** Data that is gone after the change. */
export interface Loss {
  /** `root` for the root disk, else the extra disk's name. */
  readonly disk: string;
  /** What the guest sees, in bytes, where it is known. */
  readonly size?: number;
  /** The host it is on. */
  readonly host: string;
}

export interface SandboxVerdict {
  readonly name: string;
  /** The host it will be on, or was on if it is destroyed. */
  readonly host: string;
  readonly word: SandboxWord;
  /** With `none`: changes that `onChange: ignore` leaves alone. */
  readonly reasons: readonly Reason[];
  /** With `rebuild` and `destroy`, and where an extra disk is removed. */
  readonly losses: readonly Loss[];
  /** For `create`: what is made, most important first: `1 CPU`, `512MiB`, `10GiB`, `10.20.0.17 (front)`. */
  readonly facts: readonly string[];
  /** True if it exists now and is stopped on the way. */
  readonly stops: boolean;
  /** Where in the lab as written: `["sandboxes", "web"]`. Of a destroyed one: where it would stand. */
  readonly path: Path;
}

export interface NetworkVerdict {
  readonly name: string;
  readonly host: string;
  /** The sandbox whose own network it is. */
  readonly ownedBy?: string;
  readonly word: NetworkWord;
  readonly reasons: readonly Reason[];
  /** For `create`: `nat`, `10.20.0.0/24`. */
  readonly facts: readonly string[];
  /** Sandboxes that are stopped because it is replaced. */
  readonly reboots: readonly string[];
  readonly path: Path;
}

/** A difference between what was applied and what the host has, as Terraform found it. */
export interface Drift {
  /** `sandbox web-1`, `disk data of db`, `network front`, or a Terraform address. */
  readonly object: string;
  /** `was changed outside Terrarium: memory 2GiB → 1GiB` */
  readonly text: string;
  /** True if this apply does something about the object. */
  readonly repaired: boolean;
}

/** Something that is in the stack but no part of the lab. */
export interface OtherChange {
  /** Terraform address. */
  readonly address: string;
  readonly word: "update" | "replaced" | "create" | "destroy" | "forget";
}

/** What an apply would do, per object of the lab. Plain JSON. */
export interface Verdicts {
  /** All of them by name, `web-2` before `web-10`. */
  readonly sandboxes: readonly SandboxVerdict[];
  readonly networks: readonly NetworkVerdict[];
  readonly drift: readonly Drift[];
  readonly others: readonly OtherChange[];
  /** True if Terraform has anything to do, be it only with Terrarium's own records (`prepare`, pools). */
  readonly hasChanges: boolean;
}
