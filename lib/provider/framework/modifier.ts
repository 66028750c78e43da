import type { Uncertain } from "./attribute.ts";
import { isUnknown } from "./value.ts";

/** One attribute of a plan in the making, of an object that exists already. */
export interface AttributeChange<T> {
  /** What the user wrote; null if nothing. */
  readonly config: Uncertain<T> | null;
  /** What the state has. */
  readonly prior: T | null;
  /** What the plan has so far. */
  readonly planned: Uncertain<T> | null;
  /** Whether another attribute of the resource (a name at its top level) differs from the state, as planned so far. */
  readonly changes: (attribute: string) => boolean;
}

/**
 * Changes how one attribute is planned on update. Creation has no prior value, so no modifier is asked then.
 * `settle` runs before it is decided whether anything changes at all, `decide` after computed attributes became unknown.
 */
export interface Modifier<T> {
  /** Returns the value to plan. It may be the configured or the prior one; anything else only where the user wrote nothing. */
  settle?(change: AttributeChange<T>): Uncertain<T> | null;
  decide?(change: AttributeChange<T>): Uncertain<T> | null;
  /** Whether this change takes a new object. Asked only if planned and prior differ. */
  replaces?(change: AttributeChange<T>): boolean;
}

/** A modifier of an attribute whose type nobody knows any more. */
export interface AnyModifier {
  settle?(change: AttributeChange<never>): unknown;
  decide?(change: AttributeChange<never>): unknown;
  replaces?(change: AttributeChange<never>): boolean;
}

/** A change of the attribute takes a new object. */
export function requiresReplace<T>(): Modifier<T> {
  return { replaces: () => true };
}

/** A change takes a new object if the function says so. */
export function requiresReplaceIf<T>(replaces: (change: AttributeChange<T>) => boolean): Modifier<T> {
  return { replaces };
}

/**
 * A computed attribute keeps its value through updates, instead of being unknown until the apply.
 *
 * @param unless names of attributes whose change makes it unknown after all
 */
export function keepIfUnchanged<T>(...unless: string[]): Modifier<T> {
  return {
    // What the user wrote and nobody knows yet is another matter: the apply could not keep to the prior value.
    decide: ({ config, prior, planned, changes }) =>
      config === null && isUnknown(planned) && prior !== null && !unless.some((name) => changes(name)) ? (prior as Uncertain<T>) : planned,
  };
}

/**
 * Another writing of the same value is no change: the plan keeps what the state has.
 *
 * @example normaliseToPrior((a: string, b: string) => Size.parse(a).equals(Size.parse(b)))
 */
export function normaliseToPrior<T>(equal: (planned: T, prior: T) => boolean): Modifier<T> {
  return {
    settle: ({ prior, planned }) => {
      if (prior === null || planned === null || isUnknown(planned)) return planned;
      return equal(planned as T, prior) ? (prior as Uncertain<T>) : planned;
    },
  };
}
