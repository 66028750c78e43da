import type { Plan, ResourceChange } from "../terraform/plan.ts";
import { partOf } from "./addresses.ts";

/** What the plan does to the resources of one sandbox on one host. */
export interface PlannedSandbox {
  readonly host: string;
  readonly name: string;
  domain?: ResourceChange;
  seed?: ResourceChange;
  trigger?: ResourceChange;
  /** By name of the disk; `root` is the root disk. */
  readonly disks: Map<string, ResourceChange>;
}

export interface PlannedNetwork {
  readonly host: string;
  readonly name: string;
  network?: ResourceChange;
}

/** The plan's changes, put to the objects of the lab that they belong to. Keys are `<host>/<name>`. */
export interface PlanObjects {
  readonly sandboxes: ReadonlyMap<string, PlannedSandbox>;
  readonly networks: ReadonlyMap<string, PlannedNetwork>;
  /** What is no part of the lab. */
  readonly others: readonly ResourceChange[];
}

/** Sorts a plan's changes, those without an effect included. What a former run left half replaced (`deposed`) is cleaned up silently. */
export function planObjects({ resource_changes = [] }: Pick<Plan, "resource_changes">): PlanObjects {
  const sandboxes = new Map<string, PlannedSandbox>();
  const networks = new Map<string, PlannedNetwork>();
  const others: ResourceChange[] = [];
  for (const change of resource_changes) {
    if (change.mode !== "managed" || change.deposed !== undefined) continue;
    const part = partOf(change);
    if (part === undefined) {
      others.push(change);
    } else if (part.kind === "network" || part.kind === "network trigger") {
      const network = entry(networks, part, { host: part.host, name: part.name });
      if (part.kind === "network") network.network = change;
    } else if (part.kind !== "record") {
      const sandbox = entry(sandboxes, part, { host: part.host, name: part.name, disks: new Map() });
      if (part.kind === "disk") sandbox.disks.set(part.disk, change);
      else if (part.kind === "domain") sandbox.domain = change;
      else if (part.kind === "seed") sandbox.seed = change;
      else sandbox.trigger = change;
    }
  }
  return { sandboxes, networks, others };
}

/** What is done to one resource, in one word. `none` also for a resource that the plan does not have. */
export type Effect = "none" | "create" | "update" | "delete" | "replace" | "forget";

export function effectOf(change: ResourceChange | undefined): Effect {
  const actions: readonly string[] = change?.change.actions ?? [];
  if (actions.includes("create")) return actions.length > 1 ? "replace" : "create";
  return (["update", "delete", "forget"] as const).find((action) => actions.includes(action)) ?? "none";
}

function entry<T>(map: Map<string, T>, { host, name }: { readonly host: string; readonly name: string }, made: T): T {
  const key = `${host}/${name}`;
  const found = map.get(key) ?? made;
  map.set(key, found);
  return found;
}
