import type { Attributes, Config, Decided, Known, Planned, State } from "./attribute.ts";
import type { AttributePath, Problem } from "./problem.ts";
import type { CtyType, Value } from "./value.ts";

/** A state as it was written to Terraform's file, perhaps by an older version: plain JSON. */
export type StoredState = Readonly<Record<string, unknown>>;

/** Lines for Terraform's log (`TF_LOG`). Never put secrets there. */
export interface Log {
  debug(message: string, facts?: Readonly<Record<string, unknown>>): void;
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** What every handler gets. */
export interface Context<Client> {
  /** Aborted when the user interrupts Terraform, or when the time is over: stop, and throw. What `saveState` got is kept. */
  readonly signal: AbortSignal;
  /** When the signal aborts by itself; undefined if no limit was set. Milliseconds since 1970. */
  readonly deadline?: number;
  readonly log: Log;
  /** What the provider's `configure` returned. */
  readonly provider: Client;
  /** Tells the user something without failing. */
  warn(this: void, summary: string, options?: { readonly detail?: string; readonly path?: AttributePath }): void;
}

/** What handlers get that write. */
export interface WriteContext<S extends Attributes, Client> extends Context<Client> {
  /** What the user wrote, write-only attributes included: the only place they can be read. */
  readonly config: Known<Config<S>>;
  /**
   * Call it as soon as a remote object exists, and again when more of it is known: if the handler then fails, Terraform keeps this
   * (marked as tainted after a failed create), so that the object can be destroyed. Computed values not known yet may be left out.
   */
  saveState(this: void, partial: Partial<State<S>>): void;
}

/** A plan that a resource may change. */
export interface PlanRequest<S extends Attributes, Client> {
  readonly config: Config<S>;
  /** What is planned so far. Assign to it: only where the user wrote nothing, or the prior value to suppress a change. */
  readonly planned: Planned<S>;
  /** The state, or null if this creates an object. */
  readonly prior: State<S> | null;
  readonly client: Client;
  /** Whether any of these attributes differs from the state. False on create. */
  changes(this: void, ...attributes: (keyof S & string)[]): boolean;
  report(this: void, problem: Problem): void;
  /** The change of this attribute takes a new object. Terraform ignores it where nothing changes. */
  requireReplace(this: void, ...path: [keyof S & string, ...(string | number)[]]): void;
}

/** Identity of an object, apart from its state (Terraform 1.12 and later). */
export interface ResourceIdentity<S extends Attributes> {
  readonly version?: number;
  readonly attributes: Readonly<
    Record<
      string,
      { readonly type: CtyType; readonly description: string; readonly requiredForImport?: boolean; readonly optionalForImport?: boolean }
    >
  >;
  of(state: State<S>): Readonly<Record<string, Value>>;
  /** The id for `import` of an identity. */
  importId(identity: Readonly<Record<string, Value>>): string;
}

/**
 * One kind of object. Handlers throw to fail: `DiagnosticError` says most; anything else is reported with its message. No failure
 * loses the state: a failed update or delete keeps the prior one, a failed create what was given to `saveState`.
 */
export interface Resource<S extends Attributes, Client> {
  /** Its name in configurations: `terrarium_network`. */
  readonly type: string;
  /** Prose for the reference page. */
  readonly description: string;
  readonly schema: S;
  /** Version of the state's form. @default 0 */
  readonly version?: number;
  /** By version: turns a state of that version into one of the next. */
  readonly upgrades?: Readonly<Record<number, (state: StoredState) => StoredState>>;
  /**
   * Default durations (`10m`). If given, users can set others in a `timeouts` attribute, which the framework adds and handlers never see;
   * when the time is over, `context.signal` aborts.
   *
   * @default - no attribute, no limit
   */
  readonly timeouts?: { readonly create?: string; readonly update?: string; readonly delete?: string };
  readonly identity?: ResourceIdentity<S>;

  /** Rules between attributes. Values may be unknown; those of attributes alone were checked before. */
  validate?(config: Config<S>): readonly Problem[];
  /** Last word on a plan of create or update. May read from the outside, must not change it. Called twice: plan and apply must agree. */
  modifyPlan?(plan: PlanRequest<S, Client>): void | Promise<void>;
  /** Asked before an object is destroyed or replaced; an error refuses it. */
  planDestroy?(prior: State<S>, client: Client): readonly Problem[] | Promise<readonly Problem[]>;

  create(planned: Decided<S>, context: WriteContext<S, Client>): Promise<State<S>>;
  /** The object as it is, or undefined if it is gone. Attributes that cannot be read keep what the state has. */
  read(state: State<S>, context: Context<Client>): Promise<State<S> | undefined>;
  /** Not called if every change takes a new object. Resources that have nothing to update may leave it out. */
  update?(planned: Decided<S>, prior: State<S>, context: WriteContext<S, Client>): Promise<State<S>>;
  /** Success if the object is gone already. */
  delete(state: State<S>, context: Context<Client> & { saveState(this: void, partial: Partial<State<S>>): void }): Promise<void>;
  /** What is known of an object from its id; `read` is called with it afterwards, and undefined there means that there is no such object. */
  import?(id: string, context: Context<Client>): Promise<Partial<State<S>>>;
  /** A state of another resource type, for a `moved` block; undefined if it is none that can be taken over. */
  move?(source: MoveSource): StoredState | undefined;
}

export interface MoveSource {
  /** Address of the provider that wrote it: `registry.terraform.io/dmacvicar/libvirt`. */
  readonly provider: string;
  readonly type: string;
  readonly version: number;
  readonly state: StoredState;
}
