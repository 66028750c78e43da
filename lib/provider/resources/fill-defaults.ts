import type { Attributes } from "../framework/attribute.ts";
import type { StoredState } from "../framework/resource.ts";

/**
 * Upgrade of a state that was written before some attributes were there: they get their defaults, also inside lists and maps.
 *
 * @param further values of attributes without a default
 * @example upgrades: { 0: fillDefaults(schema, { change: "created" }) }
 */
export function fillDefaults(schema: Attributes, further: StoredState = {}): (state: StoredState) => StoredState {
  return (state) => filled(schema, { ...further, ...withoutNulls(state) });
}

function filled(schema: Attributes, state: StoredState): StoredState {
  const added = Object.entries(schema).map(([name, { default: value, nested }]) => {
    const stored = Object.hasOwn(state, name) ? state[name] : (value ?? null);
    if (!nested || typeof stored !== "object" || stored === null) return [name, stored] as const;
    const element = (item: unknown): unknown => (isObject(item) ? filled(nested.attributes, withoutNulls(item)) : item);
    if (nested.nesting === "single") return [name, element(stored)] as const;
    if (Array.isArray(stored)) return [name, stored.map(element)] as const;
    return [name, Object.fromEntries(Object.entries(stored).map(([key, item]) => [key, element(item)]))] as const;
  });
  return { ...state, ...Object.fromEntries(added) };
}

function withoutNulls(state: StoredState): StoredState {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null && value !== undefined));
}

function isObject(value: unknown): value is StoredState {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
