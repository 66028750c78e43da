/** A map with its keys in order, each value passed through `value`: what was written in another order is the same lab, byte for byte. */
export function sortedByKey<T, R>(map: Readonly<Record<string, T>>, value: (value: T, key: string) => R): Record<string, R> {
  const sorted: Record<string, R> = {};
  for (const key of Object.keys(map).sort()) sorted[key] = value(map[key] as T, key);
  return sorted;
}
