import type { Lab, LabSandbox } from "../lab/lab.ts";
import type { ResourceChange } from "../terraform/plan.ts";
import { change as arrow } from "./difference.ts";
import { lossesOf } from "./losses.ts";
import { effectOf, type Effect, type PlannedSandbox } from "./plan-objects.ts";
import { sandboxDifferences, type Placed } from "./sandbox-differences.ts";
import { factsOf } from "./sandbox-facts.ts";
import { sandboxReasons } from "./sandbox-reasons.ts";
import { seedChange, type SeedChange } from "./seed-change.ts";
import { triggerChange } from "./trigger.ts";
import { asRecord } from "./values.ts";
import type { Reason, SandboxVerdict, SandboxWord } from "./verdicts.ts";

/** What the verdict about one sandbox is made from. */
export interface SandboxCase {
  readonly name: string;
  readonly lab: Lab;
  readonly applied?: Lab;
  /** What the plan does to it, per host: two where it moves. */
  readonly planned: readonly PlannedSandbox[];
  /** Keys (`<host>/<name>`) of the networks that are replaced. */
  readonly replacedNetworks: ReadonlySet<string>;
  readonly drifted: ReadonlyMap<string, ResourceChange>;
}

export function sandboxVerdict(given: SandboxCase): SandboxVerdict {
  const { name, lab, applied, planned, drifted } = given;
  const [before, sandbox] = [applied?.sandboxes[name], lab.sandboxes[name]];
  const losses = planned.flatMap((one) => lossesOf(one, before, one.domain !== undefined && drifted.has(one.domain.address)));
  const stops = planned.some(({ domain }) => (domain?.change.before ?? null) !== null && takesOff(domain));
  const here = sandbox && planned.find(({ host }) => host === sandbox.host);
  const path = ["sandboxes", sandbox?.writtenAs ?? before?.writtenAs ?? name];
  const seen = { name, losses, stops, path, facts: [] };

  if (!sandbox || goes(here)) {
    const host = (planned.find(goes) ?? planned[0])?.host ?? "";
    const word = planned.some(goes) ? "destroy" : "none";
    return { ...seen, host, word, reasons: sandbox ? [] : removalReasons(lab, path[1], before) };
  }
  const { host } = sandbox;
  const moved = planned.filter((one) => one !== here && goes(one));
  if (here === undefined) return { ...seen, host, word: "none", reasons: [] };

  const [placed, placedBefore]: [Placed, Placed | undefined] = [{ lab, sandbox }, applied && before && { lab: applied, sandbox: before }];
  const trigger = triggerChange(here);
  const seed = seedChange(trigger, placedBefore, placed);
  const word = moved.length > 0 ? "rebuild" : wordOf(here, seed);
  const replacedNetworks = new Set(
    sandbox.nics.map(({ network }) => network).filter((network) => given.replacedNetworks.has(`${host}/${network}`)),
  );
  const reasons: Reason[] =
    word === "none"
      ? ignoredChanges(placedBefore, placed)
      : sandboxReasons({ planned: here, before: placedBefore, after: placed, trigger, seed, replacedNetworks, drifted });
  if (reasons.length === 0 && moved[0]) reasons.push({ text: `host ${arrow(moved[0].host, host)}`, path: [...path, "host"] });
  return { ...seen, host, word, reasons, facts: word === "create" ? factsOf(sandbox) : [] };
}

function wordOf({ domain, seed: seedVolume, disks }: PlannedSandbox, seed: SeedChange): SandboxWord {
  const effects = [...disks].map(([disk, change]): [string, Effect] => [disk, effectOf(change)]);
  const [own, ofSeed] = [effectOf(domain), effectOf(seedVolume)];
  const anew = effects.some(
    ([disk, effect]) => effect === "replace" || (effect === "create" && own === "none") || (disk === "root" && effect === "create"),
  );
  // A disk that stays under a domain that is made anew keeps its data: nothing of the sandbox is made for the first time but its definition.
  if (own === "create") return effects.some(([, effect]) => effect === "replace") ? "rebuild" : "create";
  if (anew) return "rebuild";
  if (seed === "rerun" || seed === "secret") return "reseed";
  if (takesOff(domain)) return "reboot";
  if (effects.some(([, effect]) => effect === "update")) return "grow";
  if (own === "update") return "update";
  return ofSeed !== "none" || effects.some(([, effect]) => effect !== "none") ? "update" : "none";
}

/** What the lab says anew of cloud-init where nothing comes of it: a plan that kept silent would look as if it had not been seen. */
function ignoredChanges(before: Placed | undefined, after: Placed): Reason[] {
  if (!before || after.sandbox.seed === "none" || after.sandbox.cloudInit.onChange !== "ignore") return [];
  return sandboxDifferences(before, after)
    .filter(({ concerns }) => concerns.includes("seed"))
    .map(({ text, path }) => ({ text: `${text} (ignored until it gets a new seed)`, path }));
}

/**
 * True if the sandbox is off for a moment, or for good. Our own provider says of an update whether it happens in the running guest; what it cannot say before the apply
 * counts as a reboot.
 */
function takesOff(domain: ResourceChange | undefined): boolean {
  const effect = effectOf(domain);
  if (effect !== "update" || domain?.type !== "terrarium_sandbox") return effect !== "none" && effect !== "forget" && effect !== "create";
  return asRecord(domain.change.after)?.["change"] !== "live";
}

/** True if the plan removes the sandbox from this host, or what a failed apply has left of it there. */
function goes(planned: PlannedSandbox | undefined): boolean {
  if (planned === undefined) return false;
  if (planned.domain !== undefined) return effectOf(planned.domain) === "delete";
  return [planned.seed, ...planned.disks.values()].some((part) => effectOf(part) === "delete");
}

function removalReasons(lab: Lab, writtenAs: string | undefined, before: LabSandbox | undefined): Reason[] {
  const others = before && Object.values(lab.sandboxes).some((sandbox) => sandbox.writtenAs === writtenAs);
  return others && writtenAs !== undefined
    ? [{ text: `${writtenAs} has fewer copies now`, path: ["sandboxes", writtenAs, "count"] }]
    : [{ text: "removed from the lab", path: ["sandboxes"] }];
}
