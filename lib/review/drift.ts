import type { Plan, ResourceChange } from "../terraform/plan.ts";
import { partOf, type Part } from "./addresses.ts";
import { change, same, size } from "./difference.ts";
import { effectOf } from "./plan-objects.ts";
import { Size } from "../units/size.ts";
import type { Drift } from "./verdicts.ts";
import { asBytes, asRecord, asString } from "./values.ts";

/**
 * Attributes that hypervisors change by themselves (a domain's id at each start, a disk's allocation with each write), and what our own provider says beside
 * the settings.
 */
const ignored = new Set(["id", "uuid", "key", "path", "allocation", "physical", "available", "change", "host_name", "console_log"]);

const units: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** What the host has otherwise than it was applied, per object. */
export function driftOf({ resource_drift = [], resource_changes = [] }: Pick<Plan, "resource_drift" | "resource_changes">): Drift[] {
  const planned = new Map(resource_changes.map((resource) => [resource.address, effectOf(resource)]));
  return resource_drift.flatMap((resource) => {
    const text = driftText(resource);
    if (resource.mode !== "managed" || text === undefined) return [];
    const repaired = (planned.get(resource.address) ?? "none") !== "none";
    return [{ object: objectName(resource, partOf(resource)), text, repaired }];
  });
}

/** `was removed outside Terrarium`, `was changed outside Terrarium: memory 2GiB → 1GiB`; undefined if nothing that counts. */
export function driftText(resource: ResourceChange): string | undefined {
  if (effectOf(resource) === "delete") return "was removed outside Terrarium";
  const [before, after] = [asRecord(resource.change.before) ?? {}, asRecord(resource.change.after) ?? {}];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !ignored.has(key) && !same(before[key], after[key]),
  );
  if (keys.length === 0) return undefined;
  return `was changed outside Terrarium: ${keys
    .toSorted()
    .flatMap((key) => attributeTexts(key, before, after))
    .join(", ")}`;
}

type Values = Readonly<Record<string, unknown>>;

function attributeTexts(key: string, before: Values, after: Values): string[] {
  const [old, current] = [shown(key, before), shown(key, after)];
  if (old !== undefined && current !== undefined) return [`${key} ${change(old, current)}`];
  const [oldPart, part] = [asRecord(before[key]), asRecord(after[key])];
  if (!oldPart || !part) return [key];
  const inner = [...new Set([...Object.keys(oldPart), ...Object.keys(part)])].filter((name) => !same(oldPart[name], part[name]));
  return inner.toSorted().map((name) => `${key}.${name}`);
}

/** Numbers and switches with their values; text may be long, and foreign, so it is named only. */
function shown(key: string, values: Values): string | undefined {
  const value = values[key];
  const unit = units[asString(values["memory_unit"]) ?? "KiB"];
  const bytes = asBytes(value);
  if (key === "memory" && bytes !== undefined && unit !== undefined) return size(bytes * unit);
  if (key === "capacity" && bytes !== undefined) return size(bytes);
  if (key === "memory" || key === "max_memory" || key === "size")
    return typeof value === "string" ? Size.tryParse(value)?.toString() : undefined;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function objectName({ address }: ResourceChange, part: Part | undefined): string {
  if (part?.kind === "disk") return part.disk === "root" ? `root disk of ${part.name}` : `disk ${part.disk} of ${part.name}`;
  if (part?.kind === "domain") return `sandbox ${part.name}`;
  if (part?.kind === "seed") return `seed of ${part.name}`;
  return part?.kind === "network" ? `network ${part.name}` : address;
}
