import type { CheckName } from "../preflight/finding.ts";

/** One change to a file of the image. */
export type Edit =
  | { readonly kind: "remove"; readonly path: string; readonly isDirectory: boolean }
  /** The file stays, with its owner and attributes, and has nothing in it. */
  | { readonly kind: "empty"; readonly path: string }
  /** A shorter text in the file's own place; owner, mode and attributes stay. */
  | { readonly kind: "shorten"; readonly path: string; readonly text: string };

/** What a former machine has left of one kind, and what is done about it. */
export interface Preparation {
  /** As `images check` names it. */
  readonly check: CheckName;
  /** In words: `removed: …`; undefined where there was nothing to do. */
  readonly done?: string;
  /** What stays although it belongs to that machine, and what to do about it. */
  readonly left?: string;
  /** In the order in which they are made. */
  readonly edits: readonly Edit[];
}

/** What the pure part judges. */
export interface UsedBase {
  readonly texts: Readonly<Record<string, string>>;
  /** Regular files in `/etc/ssh`. */
  readonly sshFiles: readonly string[];
  /** Everything below `/var/lib/cloud`, each directory after what is in it. */
  readonly cloud: readonly { readonly path: string; readonly isDirectory: boolean }[];
  /** True if `/var/lib/dbus/machine-id` is a file of its own. */
  readonly hasDbusMachineId: boolean;
  readonly pinned: readonly { readonly path: string; readonly kind: string }[];
  readonly udevRules: readonly string[];
}
