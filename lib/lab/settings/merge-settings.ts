import type { Path } from "../path.ts";
import type { WrittenDefaults } from "../written-lab.ts";

/** Some settings and where they were written. */
export interface SettingsLayer {
  readonly path: Path;
  readonly values: WrittenDefaults;
}

/** Settings from all layers, and where each was written. */
export interface MergedSettings {
  readonly values: WrittenDefaults;
  /** Place in the lab as written of a key of `values`; what no layer has is the highest layer's own. */
  readonly at: (...path: Path) => Path;
}

const mergedByKey = new Set(["labels", "timeouts", "cloudInit", "overrides"]);
/** Lists of `cloudInit` that add up, wherever they are declared. */
export const addedUp = ["packages", "runCmd", "writeFiles", "bootCmd", "users", "sshKeys", "disks", "mounts"] as const;
const concatenated: ReadonlySet<string> = new Set(addedUp);
const ownKeys = new Set(["profiles", "count", "forEach"]);

/**
 * Merges layers, lowest priority first (defaults, profiles, the sandbox itself).
 *
 * - A plain value or list replaces the one below it (`networks`, `disks`, `probes`, `sshKeys`): what stands at the sandbox is all there is.
 * - Maps (`labels`, `timeouts`, `cloudInit`, `overrides`) merge by key.
 * - Lists of `cloudInit` such as `packages` and `runCmd` concatenate, lowest layer first: a profile that installs a monitoring agent must not
 *   lose it to a sandbox that installs a web server.
 *
 * @example mergeSettings([{ path: ["defaults"], values: { cpus: 2 } }, { path: ["sandboxes", "web"], values: {} }]).at("cpus") // ["defaults", "cpus"]
 */
export function mergeSettings(layers: readonly SettingsLayer[]): MergedSettings {
  const highest = layers.at(-1)?.path ?? [];
  const origins = new Map<string, Path>();
  const values: Record<string, unknown> = {};
  for (const { path, values: layer } of layers) {
    for (const [key, value] of Object.entries(layer)) {
      if (value === undefined || ownKeys.has(key)) continue;
      if (mergedByKey.has(key)) {
        values[key] = mergeMap(values[key] as Record<string, unknown> | undefined, value as Record<string, unknown>, [key], path, origins);
      } else {
        values[key] = value;
      }
      origins.set(key, [...path, key]);
    }
  }
  const at = (...path: Path): Path => {
    for (let length = path.length; length > 0; length--) {
      const origin = origins.get(path.slice(0, length).join("\0"));
      if (origin) return [...origin, ...path.slice(length)];
    }
    return highest;
  };
  return { values, at };
}

function mergeMap(
  below: Record<string, unknown> | undefined,
  layer: Record<string, unknown>,
  [name]: readonly [string],
  path: Path,
  origins: Map<string, Path>,
): Record<string, unknown> {
  const merged = { ...below };
  for (const [key, value] of Object.entries(layer)) {
    if (value === undefined) continue;
    const lower = merged[key];
    if (name === "cloudInit" && concatenated.has(key) && Array.isArray(value)) {
      const start = Array.isArray(lower) ? lower : [];
      for (const index of value.keys()) origins.set([name, key, start.length + index].join("\0"), [...path, name, key, index]);
      merged[key] = [...(start as unknown[]), ...(value as unknown[])];
    } else {
      merged[key] = value;
    }
    origins.set(`${name}\0${key}`, [...path, name, key]);
  }
  return merged;
}
