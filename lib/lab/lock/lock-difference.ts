import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { canonicalJson } from "../canonical-json.ts";
import { entryOf } from "../entry-of.ts";
import type { LabLock } from "./lab-lock.ts";

const sections = { hosts: "host", images: "image", networks: "network", sandboxes: "sandbox" } as const;

/**
 * What differs between two locks of one lab, a line each, empty if nothing does.
 *
 * @example ["sandbox web-3 added: addresses.front 10.20.0.17", "network front: reserve 32 → 64"]
 */
export function lockDifference(before: LabLock | undefined, after: LabLock): string[] {
  const lines = (["planner", "hypervisor", "provider"] as const)
    .filter((key) => before?.[key] !== after[key])
    .map((key) => (before === undefined ? `${key} ${after[key]}` : `${key} ${before[key]} → ${after[key]}`));
  for (const [section, noun] of Object.entries(sections) as [keyof typeof sections, string][]) {
    const names = new Set([...Object.keys(before?.[section] ?? {}), ...Object.keys(after[section])]);
    for (const name of [...names].sort()) {
      const [old, now] = [entryOf<object>(before?.[section], name), entryOf<object>(after[section], name)];
      if (canonicalJson(old ?? null) !== canonicalJson(now ?? null))
        lines.push(`${noun} ${name}${entryDifference(old, now)}${section === "sandboxes" && !now ? keptFree(after, name) : ""}`);
    }
  }
  const forgotten = Object.keys(before?.former ?? {}).filter(
    (name) => !Object.hasOwn(after.former ?? {}, name) && !Object.hasOwn(after.sandboxes, name),
  );
  return [...lines, ...forgotten.map((name) => `former sandbox ${name}: its addresses may be given to others again`)];
}

/**
 * For `--locked`: refuses a lock that would change.
 *
 * @param file how diagnostics name the lock file
 */
export function checkLockUnchanged(before: LabLock | undefined, after: LabLock, file: string): Diagnostic[] {
  const lines = lockDifference(before, after);
  if (lines.length === 0) return [];
  return [
    {
      code: "LOCK_WOULD_CHANGE",
      severity: "error",
      summary:
        before === undefined
          ? `the lab is not in ${file}, and with --locked it may not be added`
          : `${file} would change, and with --locked it may not`,
      detail: lines.join("\n"),
      nextStep: "Run `terrarium lock` and check the result in.",
    },
  ];
}

function keptFree({ former }: LabLock, name: string): string {
  const addresses = Object.entries(entryOf(former, name)?.addresses ?? {}).map(([network, list]) => `${network} ${list.join(" ")}`);
  return addresses.length === 0 ? "" : `; nobody else gets ${addresses.join(", ")} for a while`;
}

function entryDifference(old: object | undefined, now: object | undefined): string {
  if (now === undefined) return " removed";
  const after = flat(now);
  if (old === undefined) return ` added${after.size === 0 ? "" : `: ${[...after].map(([key, value]) => `${key} ${value}`).join(", ")}`}`;
  const before = flat(old);
  const changes = [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => before.get(key) !== after.get(key))
    .map((key) => `${key} ${before.get(key) ?? "–"} → ${after.get(key) ?? "–"}`);
  return `: ${changes.join(", ")}`;
}

function flat(value: object, prefix = ""): Map<string, string> {
  const lines = Object.entries(value).flatMap(([key, entry]: [string, unknown]): [string, string][] => {
    if (entry === undefined) return [];
    if (Array.isArray(entry)) return [[prefix + key, entry.join(" ")]];
    if (typeof entry === "object" && entry !== null) return [...flat(entry, `${prefix}${key}.`)];
    return [[prefix + key, typeof entry === "string" ? entry : JSON.stringify(entry)]];
  });
  return new Map(lines);
}
