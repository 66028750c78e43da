import { shortHash, rootDiskIdentity } from "../../lab/seed-identity.ts";
import { networkKey } from "../../lab/lab.ts";
import type { ResourceChange } from "../../terraform/plan.ts";
import { same } from "../difference.ts";
import type { Placed } from "../sandbox-differences.ts";
import { networkDefinition } from "./network-settings.ts";
import { replaced, resourceChange } from "./resource.ts";
import { declaredSeed, makesRootDiskAnew, seedAfter } from "./seed-in-place.ts";

/** What a plan with `dmacvicar/libvirt` does to a sandbox: nothing of it is ever updated, what changes is replaced by its trigger. */
export function libvirtSandbox(id: string, before: Placed | undefined, after: Placed | undefined): ResourceChange[] {
  const [formerSeed, seed] = [before && declaredSeed(before), after && (before ? seedAfter(before, after) : declaredSeed(after))];
  const [former, wanted] = [before && triggerInput(before, formerSeed), after && triggerInput(after, seed)];
  const [old, current] = [disksOf(before), disksOf(after)];
  const anew = before !== undefined && after !== undefined && makesRootDiskAnew(before, after);
  const changed = !same(former, wanted);
  const volume = (name: string, sides: readonly unknown[], isReplaced: boolean): ResourceChange => {
    const [was, is] = sides.map((capacity) => (capacity === undefined ? undefined : { name, capacity }));
    return resourceChange({ type: "libvirt_volume", name, before: was, after: is }, isReplaced ? replaced : ["no-op"]);
  };
  const changes = [
    resourceChange(
      { type: "terraform_data", name: `sandbox_${id}`, before: former && { input: former }, after: wanted && { input: wanted } },
      changed ? ["update"] : ["no-op"],
    ),
    volume(`disk_${id}`, [before?.sandbox.disk, after?.sandbox.disk], anew),
    resourceChange(
      { type: "libvirt_domain", name: `sandbox_${id}`, before: former && { name: id }, after: wanted && { name: id } },
      // A root disk that is made anew by `onChange` comes with a seed of another name, and so with another trigger.
      changed ? replaced : ["no-op"],
    ),
  ];
  for (const disk of new Set([...old.keys(), ...current.keys()]))
    changes.push(volume(`disk_${id}_${disk}`, [old.get(disk), current.get(disk)], old.get(disk) !== current.get(disk)));
  if (formerSeed !== undefined || seed !== undefined) {
    const [was, is] = [formerSeed, seed].map((name) => (name === undefined ? undefined : { name }));
    changes.push(
      resourceChange({ type: "libvirt_volume", name: `seed_${id}`, before: was, after: is }, formerSeed === seed ? ["no-op"] : replaced),
    );
  }
  return changes;
}

function triggerInput({ lab, sandbox }: Placed, seed: string | undefined): object {
  const { cpus, memory, autostart, labels, overrides, disks, nics, host } = sandbox;
  const networks = nics.map(({ network, mac }) => [network, mac, networkDefinition(lab, lab.networks[networkKey(host, network)])]);
  const extra = disks.map(({ name }) => name);
  return {
    definition: shortHash({ cpus, memory, autostart, labels, overrides, networks, extra, seed: sandbox.seed !== "none" }),
    disk: rootDiskIdentity(lab, sandbox),
    disks: Object.fromEntries(disks.map(({ name, size }) => [`disk_${name}`, String(size)])),
    seed: seed ?? "",
  };
}

function disksOf(placed: Placed | undefined): Map<string, number> {
  return new Map(placed?.sandbox.disks.map(({ name, size }) => [name, size]));
}
