import type { BigNumber, CtyType, Dynamic, Unknown, Value } from "./value.ts";
import type { AnyModifier, Modifier } from "./modifier.ts";

/** Says in one sentence what is wrong with a known, non-null value, or nothing. */
export type Validator<T> = (value: T) => string | undefined;

/**
 * What an attribute is to its user. Exactly one of: `required`; `optional` (null if left out); `computed` (only the provider sets it);
 * `optional` and `computed` (the provider chooses where the user does not); `default` (counts as optional and computed).
 */
export interface AttributeOptions<T> {
  /** Prose with unit and default: the reference page is made of it. */
  readonly description: string;
  readonly required?: true;
  readonly optional?: true;
  readonly computed?: true;
  /** A computed attribute that can also turn out to be null. */
  readonly nullable?: true;
  /** Hidden in Terraform's output; the state still has it as clear text. */
  readonly sensitive?: true;
  /** Neither in plan nor state: readable only in `context.config` while it is applied. Terraform 1.11 or later. */
  readonly writeOnly?: true;
  /** Shown as a warning where the attribute is used: what to use instead. */
  readonly deprecated?: string;
  /** The value if the user sets none. */
  readonly default?: T;
  /** Called with known, non-null values only. */
  readonly validate?: readonly Validator<T>[];
  /** Applied in this order when a plan is made. */
  readonly modifiers?: readonly Modifier<T>[];
}

/** Nested attributes, by name. */
export type Attributes = Readonly<Record<string, Attribute>>;

export type Nesting = "single" | "list" | "set" | "map";

/**
 * One attribute of a schema: made by {@link attribute}.
 * The type parameters are what state, configuration, and apply see.
 */
export interface Attribute<S = unknown, C = unknown, D = unknown> {
  readonly type?: CtyType;
  readonly nested?: { readonly nesting: Nesting; readonly attributes: Attributes };
  readonly description: string;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  readonly sensitive: boolean;
  readonly writeOnly: boolean;
  readonly deprecated?: string;
  readonly default?: Value;
  /** Whether a number may be beyond what JavaScript carries exactly. */
  readonly exact: boolean;
  readonly validators: readonly Validator<never>[];
  readonly modifiers: readonly AnyModifier[];
  /** Only for the compiler: never there when the program runs. */
  readonly types?: { readonly state: S; readonly config: C; readonly decided: D };
}

/** JavaScript's type for a type of Terraform. */
export type KnownOf<T extends CtyType> = T extends "string"
  ? string
  : T extends "number"
    ? number
    : T extends "bool"
      ? boolean
      : T extends "dynamic"
        ? Dynamic
        : T extends readonly ["list" | "set", infer E extends CtyType]
          ? readonly KnownOf<E>[]
          : T extends readonly ["map", infer E extends CtyType]
            ? Readonly<Record<string, KnownOf<E>>>
            : T extends readonly ["object", infer F extends Readonly<Record<string, CtyType>>]
              ? { readonly [K in keyof F]: KnownOf<F[K]> }
              : Value;

type Leaf = string | number | boolean | null | BigNumber | Dynamic | Unknown;

/** The same value, any part of which may be unknown. */
export type Uncertain<T> =
  | Unknown
  | (T extends Leaf ? T : T extends readonly (infer E)[] ? readonly Uncertain<E>[] : { readonly [K in keyof T]: Uncertain<T[K]> });

/** The same value without the unknown parts. */
export type Known<T> = T extends Unknown
  ? never
  : T extends Leaf
    ? T
    : T extends readonly (infer E)[]
      ? readonly Known<E>[]
      : { readonly [K in keyof T]: Known<T[K]> };

type StateOf<A> = A extends Attribute<infer S> ? S : never;
type ConfigOf<A> = A extends Attribute<unknown, infer C> ? C : never;
type DecidedOf<A> = A extends Attribute<unknown, unknown, infer D> ? D : never;

/** What the state has: everything is known. Write-only attributes are null. */
export type State<S extends Attributes> = { readonly [K in keyof S]: StateOf<S[K]> };
/** What the user wrote: null where nothing was written; unknown, in any depth, where it refers to what is not there yet. */
export type Config<S extends Attributes> = { readonly [K in keyof S]: ConfigOf<S[K]> };
/** What a plan has: the state to be, any part of which may still be unknown. */
export type Planned<S extends Attributes> = { -readonly [K in keyof S]: Uncertain<StateOf<S[K]>> };
/** What is applied: as planned, and only what the provider computes may be unknown. */
export type Decided<S extends Attributes> = { readonly [K in keyof S]: DecidedOf<S[K]> };

/** The attribute that these options make of the three views of its value. */
type Made<O, S, C, D> = O extends { writeOnly: true }
  ? Attribute<null, Presence<O, C | Unknown>, null>
  : O extends { required: true }
    ? Attribute<S, C | Unknown, D>
    : O extends { default: unknown }
      ? Attribute<S, C | Unknown | null, D>
      : O extends { computed: true }
        ? O extends { nullable: true }
          ? Attribute<S | null, O extends { optional: true } ? C | Unknown | null : null, D | Unknown | null>
          : Attribute<S, O extends { optional: true } ? C | Unknown | null : null, D | Unknown>
        : Attribute<S | null, C | Unknown | null, D | null>;

type Presence<O, C> = O extends { required: true } ? C : C | null;

/** What lists, sets and maps can hold: a type of Terraform, or nested attributes. */
type Element = CtyType | Attributes;
type ElementState<E> = E extends CtyType ? KnownOf<E> : E extends Attributes ? State<E> : never;
type ElementConfig<E> = E extends CtyType ? Uncertain<KnownOf<E>> : E extends Attributes ? Config<E> | Unknown : never;
type ElementDecided<E> = E extends CtyType ? KnownOf<E> : E extends Attributes ? Decided<E> : never;

type Simple<T, O> = Made<O, T, T, T>;
type ListOf<E, O> = Made<O, readonly ElementState<E>[], readonly ElementConfig<E>[], readonly ElementDecided<E>[]>;
type MapOf<E, O> = Made<
  O,
  Readonly<Record<string, ElementState<E>>>,
  Readonly<Record<string, ElementConfig<E>>>,
  Readonly<Record<string, ElementDecided<E>>>
>;

/**
 * Makes attributes.
 *
 * @example const schema = {
 *   name: attribute.string({ required: true, description: "Name.", modifiers: [requiresReplace()] }),
 *   size: attribute.number({ default: 10, description: "Size in GiB (default: 10)." }),
 *   tags: attribute.map("string", { optional: true, description: "Labels." }),
 *   nics: attribute.list({ network: attribute.string({ required: true, description: "Network." }) }, { optional: true, description: "NICs." }),
 *   id: attribute.string({ computed: true, description: "Id.", modifiers: [keepIfUnchanged()] }),
 * };
 */
export const attribute = {
  string: <const O extends AttributeOptions<string>>(options: O) => make({ type: "string" }, options) as Simple<string, O>,
  bool: <const O extends AttributeOptions<boolean>>(options: O) => make({ type: "bool" }, options) as Simple<boolean, O>,
  /** A number that JavaScript carries exactly; others are refused before any handler sees them. */
  number: <const O extends AttributeOptions<number>>(options: O) => make({ type: "number" }, options) as Simple<number, O>,
  /** A number of any size and precision. */
  bigNumber: <const O extends AttributeOptions<number | BigNumber>>(options: O) =>
    make({ type: "number", exact: true }, options) as Simple<number | BigNumber, O>,
  /** A value of any type, which comes along. */
  dynamic: <const O extends AttributeOptions<Dynamic>>(options: O) => make({ type: "dynamic" }, options) as Simple<Dynamic, O>,
  list: <const E extends Element, const O extends AttributeOptions<readonly ElementState<E>[]>>(of: E, options: O) =>
    make(collection("list", of), options) as ListOf<E, O>,
  /** A set: no order, no element twice. No unknown element can be told from another: prefer maps. */
  set: <const E extends Element, const O extends AttributeOptions<readonly ElementState<E>[]>>(of: E, options: O) =>
    make(collection("set", of), options) as ListOf<E, O>,
  map: <const E extends Element, const O extends AttributeOptions<Readonly<Record<string, ElementState<E>>>>>(of: E, options: O) =>
    make(collection("map", of), options) as MapOf<E, O>,
  object: <const F extends Attributes, const O extends AttributeOptions<State<F>>>(fields: F, options: O) =>
    make({ nested: { nesting: "single", attributes: fields } }, options) as Made<O, State<F>, Config<F>, Decided<F>>,
};

function collection(nesting: "list" | "set" | "map", of: Element): Pick<Attribute, "type" | "nested"> {
  return typeof of === "string" || Array.isArray(of)
    ? { type: [nesting, of as CtyType] }
    : { nested: { nesting, attributes: of as Attributes } };
}

type AnyOptions = Omit<AttributeOptions<never>, "default" | "validate" | "modifiers"> & {
  readonly default?: unknown;
  readonly validate?: readonly Validator<never>[];
  readonly modifiers?: readonly AnyModifier[];
};

function make(form: Partial<Attribute>, options: AnyOptions): Attribute {
  const hasDefault = options.default !== undefined;
  return {
    exact: false,
    ...form,
    description: options.description,
    required: options.required ?? false,
    optional: options.optional ?? hasDefault,
    computed: options.computed ?? hasDefault,
    sensitive: options.sensitive ?? false,
    writeOnly: options.writeOnly ?? false,
    ...(options.deprecated === undefined ? {} : { deprecated: options.deprecated }),
    ...(hasDefault ? { default: options.default as Value } : {}),
    validators: options.validate ?? [],
    modifiers: options.modifiers ?? [],
  };
}
