/** A map's own entry: `constructor` is a fine name for a sandbox, and no map has it unless somebody put it there. */
export function entryOf<T>(map: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
}
