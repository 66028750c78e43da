/**
 * A value that Terraform will know only when it applies. Compare with {@link isUnknown}, never with `===`:
 * an unknown value can carry what is already certain about it.
 */
export class Unknown {
  /** What Terraform already knows ("not null", a prefix, bounds), in its own encoding; given back unread. */
  readonly refinement?: Uint8Array;
  readonly isUnknown = true;

  constructor(refinement?: Uint8Array) {
    if (refinement) this.refinement = refinement;
  }
}

/** The unknown value of which nothing is certain: what a plan has for an attribute that only the apply can tell. */
export const unknown: Unknown = new Unknown();

/** A value of Terraform's pseudo-type `dynamic`, with the type it came with (Terraform's JSON form, such as `["list","string"]`). */
export class Dynamic {
  readonly type: CtyType;
  readonly value: Value;

  constructor(type: CtyType, value: Value) {
    this.type = type;
    this.value = value;
  }
}

/** A type in Terraform's own JSON form. */
export type CtyType =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | readonly ["list" | "set" | "map", CtyType]
  | readonly ["object", Readonly<Record<string, CtyType>>]
  | readonly ["tuple", readonly CtyType[]];

/** Any value of Terraform: sets are arrays in any order; maps and objects are plain objects; null is null. */
export type Value =
  | string
  | number
  | boolean
  | null
  | BigNumber
  | Unknown
  | Dynamic
  | readonly Value[]
  | { readonly [name: string]: Value };

export function isUnknown(value: unknown): value is Unknown {
  return value instanceof Unknown;
}

/** Narrows a planned or configured value to what one can compute with. */
export function isKnown<T>(value: T): value is Exclude<T, Unknown> {
  return !(value instanceof Unknown);
}

/** True if nothing in the value, however deep, is unknown. */
export function isWhollyKnown(value: Value): boolean {
  if (value instanceof Unknown) return false;
  if (value instanceof Dynamic) return isWhollyKnown(value.value);
  if (value === null || typeof value !== "object" || value instanceof BigNumber) return true;
  return Object.values(value).every(isWhollyKnown);
}

/**
 * A number that a JavaScript number cannot carry exactly, as decimal text: whole numbers beyond 2^53, more than 17 digits.
 * A JavaScript number stands for the decimal it prints as (0.1 is one tenth).
 */
export class BigNumber {
  /** Plain decimal digits, with `-` and `.` where needed: `12345678901234567890`. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}
