import { isWhollyKnown, type Unknown, type Value } from "../framework/value.ts";

/** The attributes in which nothing is unknown: what was planned for them is what Terraform must get back. */
export type KnownParts<P> = { readonly [K in keyof P]?: Exclude<P[K], Unknown> };

export function knownParts<P extends object>(planned: P): KnownParts<P> {
  return Object.fromEntries(Object.entries(planned).filter(([, value]) => isWhollyKnown(value as Value))) as KnownParts<P>;
}
