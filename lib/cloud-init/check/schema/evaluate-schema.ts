import { keywords } from "./keywords.ts";

/** A place in a value: keys and indexes from its root. */
export type ValuePath = readonly (string | number)[];

export type Schema = Readonly<Record<string, unknown>>;

/** A keyword of the schema that the value does not satisfy. */
export interface Violation {
  readonly path: ValuePath;
  readonly keyword: string;
  /** What the keyword says: the allowed types, the pattern … */
  readonly argument: unknown;
  readonly value: unknown;
  /** The key in question, where it is about one: missing, or not allowed. */
  readonly key?: string;
  /** Of `anyOf` and `oneOf`: what each form lacks. */
  readonly branches?: readonly (readonly Violation[])[];
}

/** Something that the value may have, but not for ever. */
export interface Deprecation {
  readonly path: ValuePath;
  /** cloud-init's release that deprecated it, such as "22.3". */
  readonly since: string;
  /** cloud-init's own words, such as "Use **users** instead." */
  readonly description: string;
}

export interface Evaluation {
  readonly violations: readonly Violation[];
  readonly deprecations: readonly Deprecation[];
}

/**
 * Judges a value as cloud-init's validator does (Draft 4 of JSON Schema, on the `jsonschema` package, with `deprecated` and `changed` as keywords of its own). Written
 * by hand because validators that ajv compiles can neither tell which deprecations belong to the form that matched, nor which of many forms was meant.
 *
 * Keywords that Draft 4 does not have are passed over; `$ref` and what stands beside it both count. Source: cloudinit/config/schema.py.
 */
export function evaluateSchema(root: Schema, value: unknown): Evaluation {
  const evaluator = new Evaluator(root);
  return evaluator.evaluate(root, value, []);
}

/** What a keyword may ask while it is judged. */
export class Evaluator {
  readonly #root: Schema;
  readonly #regexps = new Map<string, RegExp>();

  constructor(root: Schema) {
    this.#root = root;
  }

  evaluate(schema: Schema, value: unknown, path: ValuePath): Evaluation {
    const violations: Violation[] = [];
    const deprecations: Deprecation[] = [];
    this.collect(schema, value, path, { violations, deprecations });
    return { violations, deprecations };
  }

  collect(schema: Schema, value: unknown, path: ValuePath, into: Findings): void {
    for (const keyword in schema) keywords[keyword]?.({ schema, argument: schema[keyword], value, path, evaluator: this, into });
  }

  /** Follows `#/$defs/NAME`. */
  resolve(reference: string): Schema {
    const found = reference
      .replace(/^#\//, "")
      .split("/")
      .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], this.#root);
    if (found === undefined) throw new RangeError(`Expected a reference into cloud-init's schema, found ${reference}`);
    return found as Schema;
  }

  matches(pattern: string, text: string): boolean {
    let regexp = this.#regexps.get(pattern);
    if (!regexp) this.#regexps.set(pattern, (regexp = new RegExp(pattern, "u")));
    return regexp.test(text);
  }
}

/** Where a keyword puts what it finds. */
export interface Findings {
  readonly violations: Violation[];
  readonly deprecations: Deprecation[];
}
