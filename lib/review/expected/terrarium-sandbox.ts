import { canonicalJson } from "../../lab/canonical-json.ts";
import type { LabSandbox } from "../../lab/lab.ts";
import type { PlanActions, ResourceChange } from "../../terraform/plan.ts";
import { same, size } from "../difference.ts";
import type { Placed } from "../sandbox-differences.ts";
import { replaced, resourceChange, type Values } from "./resource.ts";
import { declaredSeed, makesRootDiskAnew, seedAfter } from "./seed-in-place.ts";

/**
 * What a plan with our own provider does to a sandbox that runs.
 *
 * @param isReplaced true for the name of a network that is made anew: what hangs on it is known after the apply only, which counts as a reboot
 */
export function terrariumSandbox(
  id: string,
  before: Placed | undefined,
  after: Placed | undefined,
  isReplaced: (network: string) => boolean,
): ResourceChange[] {
  const [formerSeed, seed] = [before && declaredSeed(before), after && (before ? seedAfter(before, after) : declaredSeed(after))];
  const anew = before !== undefined && after !== undefined && makesRootDiskAnew(before, after);
  const [old, current] = [disksOf(before), disksOf(after)];
  const changes = [...new Set([...old.keys(), ...current.keys()])].map((disk) => {
    const sides = [old.get(disk), current.get(disk)] as const;
    const name = disk === "root" ? `disk_${id}` : `disk_${id}_${disk}`;
    const actions: PlanActions = disk === "root" && anew ? replaced : same(...sides) ? ["no-op"] : ["update"];
    return resourceChange({ type: "terrarium_disk", name, before: sides[0], after: sides[1] }, actions);
  });
  if (formerSeed !== undefined || seed !== undefined) {
    const [was, is] = [formerSeed, seed].map((file) => (file === undefined ? undefined : { file }));
    const actions: PlanActions = formerSeed === seed ? ["no-op"] : ["create", "delete"];
    changes.push(resourceChange({ type: "terrarium_seed", name: `seed_${id}`, before: was, after: is }, actions));
  }
  const unknown =
    (formerSeed !== seed && seed !== undefined && formerSeed !== undefined) || after?.sandbox.nics.some((nic) => isReplaced(nic.network));
  const [was, is] = [before && settings(before.sandbox, formerSeed), after && settings(after.sandbox, seed)];
  const updates = !same(was, is) || unknown === true;
  const change = before && after && !unknown && { change: needsReboot(before, after) ? "reboot" : "live" };
  changes.push(
    resourceChange(
      { type: "terrarium_sandbox", name: `sandbox_${id}`, before: was, after: is && { ...is, ...change } },
      anew ? replaced : updates ? ["update"] : ["no-op"],
    ),
  );
  return changes;
}

function settings(sandbox: LabSandbox, seed: string | undefined): Values {
  const { name, cpus, memory, disks, nics, labels, autostart, protect, timeouts, overrides } = sandbox;
  return {
    ...{ name, cpus, memory, labels, autostart, protect, overrides, seed: seed ?? null },
    max_cpus: sandbox.maxCpus ?? null,
    max_memory: sandbox.maxMemory ?? null,
    nics: nics.map(({ network, mac, address = null }) => ({ network, mac, address })),
    forwards: Object.fromEntries((sandbox.forwards ?? []).map((forward) => [forward.name, forward])),
    extra_disks: disks.map((disk) => disk.name),
    shutdown_timeout: timeouts.shutdown,
  };
}

function disksOf(placed: Placed | undefined): Map<string, Values> {
  if (placed === undefined) return new Map();
  const { lab, sandbox } = placed;
  const root = { size: size(sandbox.disk), image: lab.images[sandbox.image]?.digest ?? "" };
  return new Map<string, Values>([["root", root], ...sandbox.disks.map((disk) => [disk.name, { size: size(disk.size) }] as const)]);
}

/** What the hypervisors can do to a running guest (`lib/hypervisor/*\/capabilities.ts`; a test holds the two together). */
function needsReboot({ lab, sandbox: old }: Placed, { sandbox: current }: Placed): boolean {
  const live = lab.hypervisor === "kvm";
  const keys = (items: readonly unknown[]): string[] => items.map((item) => canonicalJson([item])).toSorted();
  const within = (key: "cpus" | "memory", limit: "maxCpus" | "maxMemory"): boolean =>
    old[limit] === current[limit] && (old[key] === current[key] || (current[limit] !== undefined && live));
  return !(
    within("cpus", "maxCpus") &&
    within("memory", "maxMemory") &&
    (old.seed === "none") === (current.seed === "none") &&
    same(old.overrides, current.overrides) &&
    (live || same(old.disks.map(({ name }) => name).toSorted(), current.disks.map(({ name }) => name).toSorted())) &&
    (live || same(keys(old.nics.map(({ mac, network }) => [mac, network])), keys(current.nics.map(({ mac, network }) => [mac, network]))))
  );
}
