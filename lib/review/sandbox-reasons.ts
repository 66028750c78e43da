import { seedIdentity } from "../lab/seed-identity.ts";
import type { ResourceChange } from "../terraform/plan.ts";
import type { Concern } from "./difference.ts";
import { driftText } from "./drift.ts";
import { effectOf, type PlannedSandbox } from "./plan-objects.ts";
import { sandboxDifferences, type Placed } from "./sandbox-differences.ts";
import type { SeedChange } from "./seed-change.ts";
import { triggerReasons, type TriggerChange } from "./trigger.ts";
import type { Reason } from "./verdicts.ts";

/** All that is known about why. */
export interface Evidence {
  readonly planned: PlannedSandbox;
  readonly before?: Placed;
  readonly after: Placed;
  readonly trigger?: TriggerChange;
  readonly seed: SeedChange;
  /** Networks that are replaced, by their name in the lab. */
  readonly replacedNetworks: ReadonlySet<string>;
  /** What Terraform found changed behind its back, by address. */
  readonly drifted: ReadonlyMap<string, ResourceChange>;
}

/**
 * Why the plan does something to a sandbox. The applied lab says it best; where it does not explain a part that the plan touches, the trigger, the drift and
 * Terraform's own reason do.
 */
export function sandboxReasons(evidence: Evidence): Reason[] {
  const { planned, before, after, trigger, seed, replacedNetworks } = evidence;
  const touched = touchedConcerns(planned, seed);
  const differences = (before ? sandboxDifferences(before, after) : []).filter(({ concerns }) =>
    concerns.some((concern) => touched.has(concern)),
  );
  const reasons: Reason[] = differences.map(({ text, path }) => ({ text, path }));
  if (seed === "secret") reasons.push({ text: "a secret in its cloud-init changed", path: ["sandboxes", after.sandbox.writtenAs] });
  const held = seed === "rerun" && before?.sandbox.cloudInit.onChange === "ignore" && sameCloudInit(before, after);
  if (held) reasons.push({ text: "cloud-init changes that were ignored so far come with the new seed" });
  for (const network of touched.has("domain") ? replacedNetworks : []) {
    reasons.push(
      network === after.sandbox.name
        ? { text: "its own network is replaced" }
        : { text: `network ${network} is replaced`, path: ["networks", network] },
    );
  }
  reasons.push(...behindItsBack(evidence));

  const explained = new Set(differences.flatMap(({ concerns }) => concerns));
  const unexplained = [...touched].filter(
    (concern) =>
      !explained.has(concern) && (concern !== "domain" || reasons.length === 0) && !(concern === "seed" && (seed === "secret" || held)),
  );
  if (trigger) reasons.push(...unexplained.flatMap((concern) => triggerReasons(trigger, concern)).map((text) => ({ text })));
  return reasons;
}

function sameCloudInit(before: Placed, after: Placed): boolean {
  return seedIdentity(before.lab, before.sandbox).cloudInitId === seedIdentity(after.lab, after.sandbox).cloudInitId;
}

function touchedConcerns({ domain, disks }: PlannedSandbox, seed: SeedChange): Set<Concern> {
  const touched = new Set<Concern>();
  for (const [disk, change] of disks) if (effectOf(change) !== "none") touched.add(`disk ${disk}`);
  if (seed !== "none") touched.add("seed");
  if (effectOf(domain) !== "none") touched.add("domain");
  return touched;
}

/** What is not the lab's doing: objects changed or gone, an apply that failed, a replacement that was asked for. */
function behindItsBack({ planned, before, drifted }: Evidence): Reason[] {
  const parts: [string, ResourceChange | undefined][] = [
    ["it", planned.domain],
    ["its seed", planned.seed],
  ];
  for (const [disk, change] of planned.disks) parts.push([disk === "root" ? "its root disk" : `disk ${disk}`, change]);
  return parts.flatMap(([called, resource]) => {
    const effect = effectOf(resource);
    if (resource === undefined || effect === "none") return [];
    const drift = drifted.get(resource.address);
    const text = drift && driftText(drift);
    if (text !== undefined) return [{ text: `${called} ${text}` }];
    if (resource.action_reason === "replace_because_tainted") return [{ text: `${called} was not made completely` }];
    if (resource.action_reason === "replace_by_request") return [{ text: `${called} was asked to be made anew` }];
    const missing = called === "it" && effect === "create" && before !== undefined;
    return missing ? [{ text: "it is not on the host" }] : [];
  });
}
