import type { Base } from "./base.ts";

/** What is checked, in the order in which it is shown. A contract: scripts read these names. */
export type CheckName =
  | "partition-table"
  | "root-file-system"
  | "boot-loader"
  | "kernel"
  | "cloud-init"
  | "datasources"
  | "renderer"
  | "instance-id"
  | "machine-id"
  | "host-keys"
  | "mac-addresses"
  | "udev-rules"
  | "guest-agent"
  | "boot-time";

/** What was found of one thing, and what it means for sandboxes. */
export type Finding = { readonly check: CheckName; readonly found: string } & (
  | { readonly verdict: "fine" }
  /** It would be a problem, if Terrarium did nothing about it. */
  | { readonly verdict: "cured"; readonly how: string }
  /** A sandbox with a seed cannot work with it. */
  | { readonly verdict: "cannot"; readonly why: string; readonly nextStep: string }
  /** It could not be told: nothing is stopped for it. */
  | { readonly verdict: "unseen" }
);

/** A seed's form: which of cloud-init's datasources reads it. */
export type SeedKind = "nocloud" | "configdrive";

/** What the image is meant for. */
export interface Purpose {
  readonly hypervisor: "kvm" | "virtualbox";
  /** Forms of the sandboxes' seeds; one of them is enough where it is not known which it will be. */
  readonly seeds: readonly SeedKind[];
}

/** Judges one thing. Pure. */
export type Check = (base: Base, purpose: Purpose) => Finding;
