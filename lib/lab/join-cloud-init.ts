import { addedUp } from "./settings/merge-settings.ts";
import type { WrittenCloudInit } from "./written-lab.ts";

/** Maps whose keys are many pieces' business, and lists in them. */
const mergedByKey = ["apt", "yum", "proxy", "ntp", "caCerts", "metaData"] as const;
const inParts = ["userData", "vendorData"] as const;

/**
 * Joins two pieces of a sandbox's cloud-init.
 *
 * - Lists (`packages`, `runCmd`, `users` …) follow one another.
 * - `userData` and `vendorData` become parts of one message, in order: cloud-init merges those, so that lists in them follow one another and of two values the first one's stays.
 * - `apt`, `yum`, `proxy`, `ntp`, `caCerts`, `metaData` merge by key, lists in them by the first rule.
 * - Of every other value that both have the second one's stays.
 *
 * @example joinCloudInit({ packages: ["a"], timezone: "UTC" }, { packages: ["b"] }) // { packages: ["a", "b"], timezone: "UTC" }
 */
export function joinCloudInit(first: WrittenCloudInit = {}, second: WrittenCloudInit = {}): WrittenCloudInit {
  const joined: Record<string, unknown> = { ...first, ...given(second) };
  for (const key of addedUp) if (first[key] && second[key]) joined[key] = [...first[key], ...second[key]];
  for (const key of inParts) if (first[key] && second[key]) joined[key] = [first[key], second[key]].flat();
  for (const key of mergedByKey) if (first[key] && second[key]) joined[key] = mergeByKey(first[key], second[key]);
  return joined;
}

function mergeByKey(first: unknown, second: unknown): unknown {
  if (Array.isArray(first) && Array.isArray(second)) return [...(first as unknown[]), ...(second as unknown[])];
  if (!isMap(first) || !isMap(second)) return second;
  const joined = Object.entries(given(second)).map(([key, value]) => [
    key,
    Object.hasOwn(first, key) ? mergeByKey(first[key], value) : value,
  ]);
  return { ...first, ...Object.fromEntries(joined) };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A key that has no value says nothing. */
function given<T extends object>(piece: T): T {
  return Object.fromEntries(Object.entries(piece).filter(([, value]) => value !== undefined)) as T;
}
