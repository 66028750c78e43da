import type { Place } from "./place.ts";
import type { DiffLine } from "./line-difference.ts";
import type { Drift, Loss, NetworkWord, OtherChange, SandboxWord } from "./verdicts.ts";

/** What a change asks of who uses a sandbox. `restart`: shut down and started again; `rebuild`: gone until it has booted from its image; `gone`: for good. */
export type Downtime = "none" | "restart" | "rebuild" | "gone";

export interface PlacedReason {
  /** `memory 1GiB → 2GiB` */
  readonly text: string;
  /** Where in the lab file. Absent where the file is not the reason. */
  readonly place?: Place;
}

/** What a sandbox asks of its host. Bytes. */
export interface Cost {
  readonly cpus: number;
  readonly memory: number;
  /** Root disk and further ones as the guest sees them: the host stores what is written. */
  readonly disk: number;
}

export interface Sides<T> {
  readonly before?: T;
  readonly after?: T;
}

export interface ReviewedImage {
  readonly name: string;
  /** SHA-256, or of the recipe; `unknown` where nobody has recorded it. */
  readonly digest: string;
}

export interface SandboxReview {
  readonly name: string;
  readonly host: string;
  readonly word: SandboxWord;
  readonly reasons: readonly PlacedReason[];
  readonly losses: readonly Loss[];
  /** What else comes of it: `cloud-init runs again`. */
  readonly follows: readonly string[];
  /** For `create`: what is made. */
  readonly facts: readonly string[];
  readonly downtime: Downtime;
  readonly protected: boolean;
  /** As the new lab labels it, else the former. */
  readonly labels: Readonly<Record<string, string>>;
  readonly place?: Place;
  readonly addresses: Sides<readonly string[]>;
  readonly image: Sides<ReviewedImage>;
  readonly cost: Sides<Cost>;
  /** Lines of its declared cloud-init that are different, secrets masked, with some around them. Absent where nothing is. */
  readonly cloudInit?: readonly DiffLine[];
}

export interface NetworkReview {
  readonly name: string;
  readonly host: string;
  readonly ownedBy?: string;
  readonly word: NetworkWord;
  readonly reasons: readonly PlacedReason[];
  readonly facts: readonly string[];
  readonly follows: readonly string[];
  readonly reboots: readonly string[];
  readonly place?: Place;
}

/** Something that keeps a lab from being judged or applied. */
export interface Problem {
  readonly code: string;
  readonly severity: "error" | "warning" | "notice";
  readonly text: string;
  readonly nextStep?: string;
  readonly place?: Place;
}

/** Where a plan of what runs says something else than the two labs: somebody has changed the host, or what was applied is not the base. */
export interface Deviation {
  readonly object: string;
  readonly expected: string;
  readonly planned: string;
}

export interface LabReview {
  /** The lab file, from the repository's root. */
  readonly file: string;
  readonly lab: string;
  /** `removed`: the file is gone; what it made keeps running. `invalid`: the new lab cannot be read. */
  readonly change: "changed" | "added" | "removed" | "invalid";
  /** What the verdicts come from: two labs, or a plan of what runs. */
  readonly source: "labs" | "plan";
  readonly sandboxes: readonly SandboxReview[];
  readonly networks: readonly NetworkReview[];
  readonly images: readonly { readonly name: string; readonly before?: string; readonly after?: string; readonly text: string }[];
  readonly cost: { readonly before: Cost; readonly after: Cost };
  readonly drift: readonly Drift[];
  readonly deviations: readonly Deviation[];
  readonly others: readonly OtherChange[];
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
  /** Topology as Mermaid draws it, changes marked; absent where it would be too large to read. */
  readonly topology?: { readonly before: string; readonly after: string };
}

export interface PolicyFinding {
  readonly rule: string;
  readonly level: "warn" | "deny";
  readonly lab: string;
  /** `sandbox db`, `image debian-12`, `network front` */
  readonly object: string;
  readonly text: string;
  readonly place?: Place;
}

/** A version of the repository that was compared. */
export interface ReviewedVersion {
  /** As the user named it: `origin/main`, `working tree`. */
  readonly name: string;
  readonly commit?: string;
}

/** What will happen to which sandbox. Plain JSON; `schemas/review.schema.json` describes it. */
export interface Review {
  readonly format: 1;
  readonly base?: ReviewedVersion;
  readonly head?: ReviewedVersion;
  readonly labs: readonly LabReview[];
  /** Labs of which nothing changed. */
  readonly unchanged: number;
  readonly policy: readonly PolicyFinding[];
  /** How many rules were applied; absent without a policy. */
  readonly policyRules?: readonly string[];
}
