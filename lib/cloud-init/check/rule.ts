import type { DiagnosticCode } from "../../diagnostics/codes.ts";
import type { Severity } from "../../diagnostics/diagnostic.ts";
import type { UserDataPart } from "../parts/user-data-part.ts";
import type { Config } from "./config.ts";
import type { ValuePath } from "./schema/evaluate-schema.ts";

/** What every rule says about itself: docs/reference/cloud-init-checks.md is made of it, and a test runs the examples. */
export interface RuleText {
  readonly code: DiagnosticCode;
  /** An error for what cloud-init would refuse, ignore or fail on; a warning for what works, and should not be so. */
  readonly severity: Severity;
  /** Why, in a sentence or two: what happens in the guest. */
  readonly because: string;
  readonly example: {
    /** Reports the rule's code. */
    readonly bad: string;
    /** The same without the fault: reports nothing. */
    readonly good: string;
  };
}

/** Something found, before it has a place in a file. */
export interface Finding {
  readonly summary: string;
  readonly nextStep: string;
  /** Default: the rule's own. */
  readonly severity?: Severity;
  /** Where in the configuration. */
  readonly path?: ValuePath;
  /** What to show of the entry at `path`. @default "value" */
  readonly of?: "key" | "value";
  /** Where in the text, for what has no path. */
  readonly at?: { readonly offset: number; readonly length: number };
  /** The rest of its line is a secret: excerpts leave it out. @default false */
  readonly secret?: boolean;
}

/** Looks at a part as text, whatever kind it is. */
export interface PartRule extends RuleText {
  readonly checkPart: (part: UserDataPart) => readonly Finding[];
}

/** Looks at a cloud-config, or a network configuration, as a value. */
export interface ConfigRule extends RuleText {
  readonly checkConfig: (config: Config) => readonly Finding[];
}
