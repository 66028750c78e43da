import { networkKey, type Lab, type LabNetwork, type LabReservation } from "../lab/lab.ts";
import type { Path } from "../lab/path.ts";
import type { ResourceChange } from "../terraform/plan.ts";
import { networkFacts } from "./network-facts.ts";
import { change as arrow, keyChanges, same } from "./difference.ts";
import { driftText } from "./drift.ts";
import { effectOf, type Effect, type PlannedNetwork } from "./plan-objects.ts";
import type { NetworkVerdict, NetworkWord, Reason, SandboxVerdict } from "./verdicts.ts";

const words: Readonly<Record<Effect, NetworkWord>> = {
  none: "none",
  create: "create",
  update: "update",
  replace: "replaced",
  delete: "destroy",
  forget: "none",
};

export interface NetworkCase {
  readonly planned: PlannedNetwork;
  readonly lab: Lab;
  readonly applied?: Lab;
  readonly sandboxes: readonly SandboxVerdict[];
  readonly drifted: ReadonlyMap<string, ResourceChange>;
}

export function networkVerdict({ planned, lab, applied, sandboxes, drifted }: NetworkCase): NetworkVerdict {
  const { host, name, network: resource } = planned;
  const key = networkKey(host, name);
  const [before, after] = [applied?.networks[key], lab.networks[key]];
  const word = words[effectOf(resource)];
  const ownedBy = (after ?? before)?.ownedBy;
  const path =
    ownedBy === undefined
      ? ["networks", name]
      : ["sandboxes", (lab.sandboxes[ownedBy] ?? applied?.sandboxes[ownedBy])?.writtenAs ?? ownedBy];
  const inIt = new Set(
    Object.values(lab.sandboxes)
      .filter((sandbox) => sandbox.host === host && sandbox.nics.some((nic) => nic.network === name))
      .map((sandbox) => sandbox.name),
  );
  return {
    name,
    host,
    ...(ownedBy !== undefined && { ownedBy }),
    word,
    reasons: reasonsOf(word, before, after, path, resource, drifted),
    facts: word === "create" && after ? networkFacts(after) : [],
    reboots:
      word === "replaced" ? sandboxes.filter((sandbox) => inIt.has(sandbox.name) && sandbox.stops).map((sandbox) => sandbox.name) : [],
    path,
  };
}

function reasonsOf(
  word: NetworkWord,
  before: LabNetwork | undefined,
  after: LabNetwork | undefined,
  path: Path,
  resource: ResourceChange | undefined,
  drifted: ReadonlyMap<string, ResourceChange>,
): Reason[] {
  if (word === "none") return [];
  if (word === "destroy") return after ? [] : [{ text: "no longer used", path: ["networks"] }];
  const reasons = before && after ? networkDifferences(before, after, path) : [];
  const drift = resource && drifted.get(resource.address);
  const text = drift && driftText(drift);
  if (text !== undefined) reasons.push({ text: `it ${text}` });
  else if (resource?.action_reason === "replace_because_tainted") reasons.push({ text: "it was not made completely" });
  else if (reasons.length === 0 && word === "create" && before) reasons.push({ text: "it is not on the host" });
  else if (reasons.length === 0 && word !== "create") reasons.push({ text: "its settings changed" });
  return reasons;
}

/** What is different about a network, in the lab's words. What follows from its block (gateway, reservations' addresses) is not said again. */
function networkDifferences(before: LabNetwork, after: LabNetwork, path: Path): Reason[] {
  const reasons: Reason[] = (["mode", "cidr", "gateway", "domain", "bridge", "interface", "vlan", "openvswitch"] as const)
    .filter((key) => before[key] !== after[key] && !(key === "gateway" && before.cidr !== after.cidr))
    .map((key) => ({ text: `${key} ${arrow(before[key] ?? "none", after[key] ?? "none")}`, path: [...path, key] }));
  for (const key of ["mtu", "stp", "ports", "dns"] as const)
    if (!same(before[key] ?? null, after[key] ?? null)) reasons.push({ text: `${key} changed`, path: [...path, key] });
  const [old, current] = [before.reservations, after.reservations];
  const live = [old, current].map((all) => all.some(({ sandbox }) => sandbox !== undefined));
  if (live.includes(true)) {
    if (before.cidr === after.cidr && !live.includes(false)) reasons.push(...reservationReasons(old, current, path));
  } else if (old.length !== current.length)
    reasons.push({ text: `reserve ${arrow(old.length, current.length)}`, path: [...path, "reserve"] });
  else if (before.cidr === after.cidr && !same(old, current)) reasons.push({ text: "reserved addresses changed", path });
  for (const { key, what } of keyChanges(before.overrides, after.overrides))
    reasons.push({ text: `override ${key} ${what}`, path: [...path, "overrides", key] });
  return reasons;
}

/** Whose addresses are reserved from now on, and whose no longer. */
function reservationReasons(before: readonly LabReservation[], after: readonly LabReservation[], path: Path): Reason[] {
  const bySandbox = (all: readonly LabReservation[]): Record<string, string[]> => {
    const found: Record<string, string[]> = {};
    for (const { sandbox = "", mac, address } of all) found[sandbox] = [...(found[sandbox] ?? []), `${mac} ${address}`];
    return found;
  };
  const changes = keyChanges(bySandbox(before), bySandbox(after));
  return ["added", "removed", "changed"].flatMap((what) => {
    const names = changes.filter((one) => one.what === what).map(({ key }) => key);
    return names.length === 0 ? [] : [{ text: `${names.length === 1 ? "address" : "addresses"} of ${names.join(", ")} ${what}`, path }];
  });
}
