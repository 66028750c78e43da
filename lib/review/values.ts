/** A map, as it comes out of JSON; undefined for everything else. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
}

export function asString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A number of bytes as JSON has it: a number, or its digits. */
export function asBytes(value: unknown): number | undefined {
  const bytes = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof bytes === "number" && Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined;
}
