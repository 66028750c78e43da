/** What is done to one object. Two actions are a replacement, in that order. */
export type PlanActions =
  | readonly ["no-op"]
  | readonly ["create"]
  | readonly ["read"]
  | readonly ["update"]
  | readonly ["delete"]
  | readonly ["forget"]
  | readonly ["delete", "create"]
  | readonly ["create", "delete"]
  | readonly ["create", "forget"];

/** A change of one value: an object's attributes, or an output. */
export interface Change {
  readonly actions: PlanActions;
  /** null if the object does not exist before. */
  readonly before: unknown;
  /** null if it does not exist after. What is known only after apply is left out here, and true in `after_unknown`. */
  readonly after?: unknown;
  /** The shape of `after` with true for everything that is not known yet. */
  readonly after_unknown?: unknown;
  /** The shape of the value with true for everything sensitive; false or `{}` for nothing. */
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
  /** The attributes that force the replacement, each as a path of keys and indexes. */
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  readonly importing?: { readonly id?: string; readonly unknown?: boolean };
  readonly generated_config?: string;
}

/** Why an action was chosen. Newer engines may add some. */
export type ActionReason =
  | "replace_because_tainted"
  | "replace_because_cannot_update"
  | "replace_by_request"
  | "replace_by_triggers"
  | "delete_because_no_resource_config"
  | "delete_because_no_module"
  | "delete_because_wrong_repetition"
  | "delete_because_count_index"
  | "delete_because_each_key"
  | "delete_because_no_move_target"
  | "read_because_config_unknown"
  | "read_because_dependency_pending"
  | "read_because_check_nested"
  | (string & {});

export interface ResourceChange {
  readonly address: string;
  /** Where the object was before a `moved` block. */
  readonly previous_address?: string;
  readonly module_address?: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  readonly provider_name: string;
  /** Key of an object that a former create-before-destroy left behind. */
  readonly deposed?: string;
  readonly change: Change;
  readonly action_reason?: ActionReason;
}

/** An attribute outside the plan that it depends on. */
export interface RelevantAttribute {
  readonly resource: string;
  readonly attribute: readonly (string | number)[];
}

/** One object with its values, as in a state or in what is planned. */
export interface ResourceValues {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  readonly provider_name: string;
  readonly schema_version: number;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly sensitive_values?: unknown;
  readonly depends_on?: readonly string[];
  readonly tainted?: boolean;
  readonly deposed_key?: string;
}

export interface ModuleValues {
  readonly address?: string;
  readonly resources?: readonly ResourceValues[];
  readonly child_modules?: readonly ModuleValues[];
}

export interface OutputValue {
  readonly sensitive: boolean;
  readonly type?: unknown;
  readonly value?: unknown;
}

export interface StateValues {
  readonly outputs?: Readonly<Record<string, OutputValue>>;
  readonly root_module?: ModuleValues;
}

/** A check block's or condition's result. */
export interface CheckResult {
  readonly address: { readonly to_display: string; readonly kind: string };
  readonly status: "pass" | "fail" | "error" | "unknown";
  readonly instances?: readonly unknown[];
}

/**
 * What `terraform show -json PLAN` prints. Sensitive values are in it in clear text.
 *
 * Source: developer.hashicorp.com/terraform/internals/json-format, format 1.2 as Terraform 1.11.4 writes it.
 */
export interface Plan {
  /** `1.x`; a minor version adds properties only. */
  readonly format_version: string;
  readonly terraform_version?: string;
  readonly variables?: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly planned_values?: StateValues;
  /** Differences between the state and what the providers found. */
  readonly resource_drift?: readonly ResourceChange[];
  /** All objects, also those without a change. Absent if there are none. */
  readonly resource_changes?: readonly ResourceChange[];
  readonly deferred_changes?: readonly { readonly reason: string; readonly resource_change: ResourceChange }[];
  readonly output_changes?: Readonly<Record<string, Change>>;
  readonly prior_state?: { readonly format_version: string; readonly terraform_version?: string; readonly values?: StateValues };
  readonly configuration?: Readonly<Record<string, unknown>>;
  readonly relevant_attributes?: readonly RelevantAttribute[];
  readonly checks?: readonly CheckResult[];
  readonly timestamp?: string;
  readonly applyable?: boolean;
  readonly complete?: boolean;
  readonly errored?: boolean;
}
