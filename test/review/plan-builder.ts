import type { Lab } from "../../lib/lab/lab.ts";
import type { WrittenLab } from "../../lib/lab/written-lab.ts";
import type { Plan, PlanActions, ResourceChange } from "../../lib/terraform/plan.ts";
import { synthesizeLab } from "../../stacks/synthesize-lab.ts";
import { canonicalJson } from "../../lib/lab/canonical-json.ts";

/**
 * Plans as Terraform makes them, without a hypervisor: the provider can plan only with a live libvirt, so the tests of verdicts against real plans are
 * integration tests. Both labs are synthesized for real, and their JSON is compared by the rules that Terraform and `dmacvicar/libvirt` 0.9.7 follow (`lifecycle`,
 * which attributes replace a volume). Expressions are compared as text.
 */
export interface PlanFrom {
  /** What was applied. Absent: nothing. */
  readonly before?: Side;
  /** What is to be. Absent: `terraform plan -destroy`. */
  readonly after?: Side;
  /** Addresses that are in the state and no longer on the host. */
  readonly gone?: readonly string[];
  /** Addresses that a former apply did not finish. */
  readonly tainted?: readonly string[];
  /** Addresses that a former apply did not even start to make: not in the state. */
  readonly missing?: readonly string[];
}

export interface Side {
  readonly lab: Lab;
  readonly terraformJson: string;
  /** What *prepare* passes: fingerprints of secrets by sandbox. */
  readonly fingerprints?: Readonly<Record<string, string>>;
}

/** Normalizes and synthesizes a written lab as the product does. With the lock of `previous` where nobody should move. */
export function sideOf(
  written: WrittenLab,
  { previous, fingerprints }: { previous?: WrittenLab; fingerprints?: Side["fingerprints"] } = {},
): Side {
  const lock = previous && synthesizeLab(previous).lock;
  const { lab, terraformJson, diagnostics } = synthesizeLab(written, { lock });
  if (!lab || terraformJson === undefined) throw new Error(`The lab of this test is in error: ${JSON.stringify(diagnostics)}`);
  return { lab, terraformJson, fingerprints };
}

type Values = Readonly<Record<string, unknown>>;

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly values: Values;
  readonly lifecycle: { readonly ignore_changes?: readonly string[]; readonly replace_triggered_by?: readonly string[] };
}

/** The plan from one lab to another. */
export function planOf({ before, after, gone = [], tainted = [], missing = [] }: PlanFrom): Plan {
  const [state, wanted] = [resourcesOf(before), resourcesOf(after)];
  for (const address of missing) state.delete(address);
  const changes = new Map<string, ResourceChange>();
  // Triggers first: the others look at what happens to them. Some of them look at seeds.
  const order = ["terraform_data.seed_", "libvirt_volume.seed_", "terraform_data.", ""];
  const rank = (address: string): number => order.findIndex((start) => address.startsWith(start));
  const addresses = [...new Set([...state.keys(), ...wanted.keys()])].toSorted((a, b) => rank(a) - rank(b));
  for (const address of addresses) {
    const old = gone.includes(address) ? undefined : withSeedNames(state.get(address), changes, "before");
    const next = withSeedNames(wanted.get(address), changes, "after");
    changes.set(address, changeOf(address, old, next, changes, tainted.includes(address)));
  }
  const drift = gone.flatMap((address) => {
    const old = state.get(address);
    return old ? [{ ...entry(address, old), change: { actions: ["delete"] as const, before: old.values, after: null } }] : [];
  });
  return { format_version: "1.2", resource_changes: [...changes.values()], ...(drift.length > 0 && { resource_drift: drift }) };
}

/** Triggers may name a seed that is in place: its name is filled in. */
function withSeedNames(
  resource: Resource | undefined,
  changes: ReadonlyMap<string, ResourceChange>,
  side: "before" | "after",
): Resource | undefined {
  if (resource?.type !== "terraform_data") return resource;
  const text = JSON.stringify(resource.values).replaceAll(/\$\{(libvirt_volume\.seed_[^.}]+)\.name\}/g, (_, address: string) => {
    const seed = changes.get(address)?.change[side] as { readonly name?: string } | null | undefined;
    return seed?.name ?? "";
  });
  return { ...resource, values: JSON.parse(text) as Values };
}

/** A plan in which Terraform found an attribute changed behind its back. */
export function withDrift(plan: Plan, address: string, attributes: Values): Plan {
  const found = plan.resource_changes?.find((resource) => resource.address === address);
  if (!found) throw new Error(`The plan of this test has no ${address}`);
  const before = found.change.before as Values;
  return { ...plan, resource_drift: [{ ...found, change: { actions: ["update"], before, after: { ...before, ...attributes } } }] };
}

function changeOf(
  address: string,
  old: Resource | undefined,
  wanted: Resource | undefined,
  changes: ReadonlyMap<string, ResourceChange>,
  tainted: boolean,
): ResourceChange {
  const resource = wanted ?? old;
  if (!resource) return { ...entry(address, { type: "", name: "" }), change: { actions: ["no-op"], before: null, after: null } };
  const [before, after] = [old?.values ?? null, wanted?.values ?? null];
  const planned = (actions: PlanActions, action_reason?: string): ResourceChange => ({
    ...entry(address, resource),
    change: { actions, before, after },
    action_reason,
  });
  if (!old) return planned(wanted ? ["create"] : ["no-op"]);
  if (!wanted) return planned(["delete"], "delete_because_no_resource_config");
  if (tainted) return planned(["delete", "create"], "replace_because_tainted");
  const changed = Object.keys({ ...old.values, ...wanted.values }).filter(
    (key) =>
      wanted.lifecycle.ignore_changes?.includes(key) !== true && canonicalJson([old.values[key]]) !== canonicalJson([wanted.values[key]]),
  );
  if (changed.some((key) => replacing[resource.type]?.includes(key))) return planned(["delete", "create"], "replace_because_cannot_update");
  if (wanted.lifecycle.replace_triggered_by?.some((reference) => triggers(reference, changes)))
    return planned(["delete", "create"], "replace_by_triggers");
  const kept = Object.fromEntries(Object.entries(old.values).filter(([key]) => wanted.lifecycle.ignore_changes?.includes(key)));
  const { change, ...rest } = planned(changed.length > 0 ? ["update"] : ["no-op"]);
  return { ...rest, change: { ...change, after: { ...wanted.values, ...kept } } };
}

/** Attributes whose change replaces the object. */
const replacing: Readonly<Record<string, readonly string[]>> = {
  terraform_data: ["triggers_replace"],
  libvirt_volume: ["name", "pool", "create"],
};

/**
 * `terraform_data.x`: anything is done to it. `terraform_data.x.input.disks.data`: that value changes. `….input.disks["data"]` never triggers: Terraform cannot apply an
 * index to an object there, and says nothing (tried with 1.11.4).
 */
function triggers(reference: string, changes: ReadonlyMap<string, ResourceChange>): boolean {
  if (reference.includes("[")) return false;
  const [type, name, ...path] = reference.split(".");
  const change = changes.get(`${type}.${name}`)?.change;
  if (!change || change.actions[0] === "no-op" || change.actions[0] === "create") return false;
  const at = (value: unknown): unknown => path.reduce<unknown>((inner, key) => (inner as Values | undefined)?.[key], value);
  return canonicalJson([at(change.before)]) !== canonicalJson([at(change.after)]);
}

function entry(address: string, { type, name }: { readonly type: string; readonly name: string }): Omit<ResourceChange, "change"> {
  return { address, mode: "managed", type, name, provider_name: "test" };
}

function resourcesOf(side: Side | undefined): Map<string, Resource> {
  const resources = new Map<string, Resource>();
  if (!side) return resources;
  const text = side.terraformJson.replaceAll(
    /\$\{lookup\(var\.secret_fingerprints, \\"([^"\\]+)\\", \\"\\"\)\}/g,
    (_, name: string) => side.fingerprints?.[name] ?? "",
  );
  const json = JSON.parse(text) as { readonly resource: Readonly<Record<string, Readonly<Record<string, Values>>>> };
  for (const [type, all] of Object.entries(json.resource)) {
    for (const [name, body] of Object.entries(all)) {
      const { "//": _, lifecycle = {}, provider: _provider, depends_on: _dependsOn, provisioner: _provisioner, ...values } = body;
      resources.set(`${type}.${name}`, { type, name, values, lifecycle: lifecycle as Resource["lifecycle"] });
    }
  }
  return resources;
}
