/** An object without the keys that have no value: the schema of cloud-init takes none that is null. */
export function withoutAbsent(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
}
