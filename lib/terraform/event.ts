import type { RawDiagnostic } from "./raw-diagnostic.ts";

/** What Terraform does to one object, in its event stream's words. `move`, `import` and `forget` change the state only. */
export type EventAction = "noop" | "create" | "read" | "update" | "replace" | "delete" | "move" | "import" | "forget" | "remove";

/** An object in the plan or the state. */
export interface ResourceRef {
  /** `libvirt_domain.sandbox_local_web`, with module and index where there are any. */
  readonly address: string;
  readonly type: string;
  readonly name: string;
  /** Index of a counted object, key of a `for_each` one. */
  readonly key?: string | number;
}

interface EventBase {
  /** Terraform's own sentence, in English; may contain line breaks and whatever a provider wrote. */
  readonly message: string;
  /** When, as RFC 3339. */
  readonly at?: string;
}

export interface VersionEvent extends EventBase {
  readonly type: "version";
}

/** Something to say that belongs to no object, such as that an interrupt arrived; `code` names messages of `init`. */
export interface LogEvent extends EventBase {
  readonly type: "log" | "init_output";
  readonly code?: string;
}

/** What the plan would do to an object, or how an object differs from the state (`resource_drift`). */
export interface ChangeEvent extends EventBase {
  readonly type: "planned_change" | "resource_drift";
  readonly resource: ResourceRef;
  readonly previousAddress?: string;
  readonly action: EventAction;
  /** Why: `tainted`, `requested`, `cannot_update`, `delete_because_no_resource_config` … */
  readonly reason?: string;
}

/** The counts of a plan or of what was done. A replaced object counts in `add` and in `remove`. */
export interface ChangeSummaryEvent extends EventBase {
  readonly type: "change_summary";
  readonly operation: "plan" | "apply" | "destroy";
  readonly add: number;
  readonly change: number;
  readonly remove: number;
  readonly import: number;
}

export interface OutputsEvent extends EventBase {
  readonly type: "outputs";
  /** By name. Values of sensitive outputs are absent, and all values are during a plan. */
  readonly outputs: Readonly<Record<string, { readonly sensitive: boolean; readonly action?: EventAction; readonly value?: unknown }>>;
}

/** An object is being made, changed, read or removed. `apply_progress` comes every ten seconds. */
export interface ApplyEvent extends EventBase {
  readonly type: "apply_start" | "apply_progress" | "apply_complete" | "apply_errored";
  readonly resource: ResourceRef;
  readonly action: EventAction;
  readonly elapsedSeconds?: number;
  readonly id?: string;
}

/** A provisioner (`local-exec`) runs. `output` is one line of what it printed. */
export interface ProvisionEvent extends EventBase {
  readonly type: "provision_start" | "provision_progress" | "provision_complete" | "provision_errored";
  readonly resource: ResourceRef;
  readonly provisioner: string;
  readonly output?: string;
}

export interface RefreshEvent extends EventBase {
  readonly type: "refresh_start" | "refresh_complete";
  readonly resource: ResourceRef;
  readonly id?: string;
}

export interface DiagnosticEvent extends EventBase {
  readonly type: "diagnostic";
  readonly diagnostic: RawDiagnostic;
}

/** A message of a newer engine, or a known one in an unknown form: kept as it came. */
export interface OtherEvent extends EventBase {
  readonly type: "other";
  /** Terraform's name for it. */
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * One line of `terraform … -json`.
 *
 * Source: developer.hashicorp.com/terraform/internals/machine-readable-ui (1.2), and streams recorded from Terraform 1.11.4 in test/fixtures/terraform.
 */
export type TerraformEvent =
  | VersionEvent
  | LogEvent
  | ChangeEvent
  | ChangeSummaryEvent
  | OutputsEvent
  | ApplyEvent
  | ProvisionEvent
  | RefreshEvent
  | DiagnosticEvent
  | OtherEvent;
