/** One object as the state keeps it. */
export interface StateInstance {
  /** Index of a counted object, key of a `for_each` one. */
  readonly index_key?: string | number;
  /** `tainted`: the next apply makes it anew. */
  readonly status?: "tainted";
  /** Key of an object that waits for its removal after a create-before-destroy. */
  readonly deposed?: string;
  readonly schema_version: number;
  /** As the provider gave them; values of dynamic type (those of `terraform_data`) are `{ value, type }`. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly sensitive_attributes?: readonly unknown[];
  readonly dependencies?: readonly string[];
  readonly create_before_destroy?: boolean;
}

export interface StateResource {
  /** `module.name`; absent in the root module. */
  readonly module?: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly provider: string;
  readonly instances: readonly StateInstance[];
}

/**
 * The state as it is stored (format 4), as `terraform state pull` prints it: read without starting a provider.
 * Sensitive values are in it in clear text. The format is Terraform's own and OpenTofu's, unchanged since 0.12.
 */
export interface State {
  readonly version: 4;
  readonly terraform_version: string;
  /** Grows with every write. */
  readonly serial: number;
  /** Made once for a state: two states of different lineage are strangers. */
  readonly lineage: string;
  readonly outputs: Readonly<Record<string, { readonly value: unknown; readonly type: unknown; readonly sensitive?: boolean }>>;
  readonly resources: readonly StateResource[];
}

/** An object of the state with its address. */
export interface StateObject {
  /** `libvirt_domain.sandbox_local_web`, with module and index where there are any. */
  readonly address: string;
  readonly resource: StateResource;
  readonly instance: StateInstance;
}

/** All managed objects of a state with their addresses, without data sources and deposed objects. */
export function stateObjects(state: State): StateObject[] {
  return state.resources
    .filter(({ mode }) => mode === "managed")
    .flatMap((resource) =>
      resource.instances
        .filter(({ deposed }) => deposed === undefined)
        .map((instance) => ({ address: addressOf(resource, instance), resource, instance })),
    );
}

function addressOf({ module, type, name }: StateResource, { index_key: key }: StateInstance): string {
  return `${module === undefined ? "" : `${module}.`}${type}.${name}${key === undefined ? "" : `[${JSON.stringify(key)}]`}`;
}
