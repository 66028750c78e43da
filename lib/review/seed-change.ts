import { isSameInstance, seedFileName, seedIdentity, type SeedIdentity } from "../lab/seed-identity.ts";
import type { Placed } from "./sandbox-differences.ts";
import type { TriggerChange } from "./trigger.ts";

/** `swapped`: another host name or network; `rerun`: cloud-init runs again; `secret`: the same, because of a secret's content. */
export type SeedChange = "none" | "swapped" | "rerun" | "secret";

/**
 * What a new seed makes cloud-init do. The file's name has the content's hash, then the secrets' fingerprint; both are in the trigger. Where it cannot be told
 * (no applied lab, or one that is not what the state says), the worse is assumed: it runs again.
 */
export function seedChange(trigger: TriggerChange | undefined, before: Placed | undefined, after: Placed): SeedChange {
  const [old, current] = [trigger?.before.seed, trigger?.after.seed];
  if (old === undefined || current === undefined || old === current || current === "") return "none";
  const [oldIdentity, identity] = [before && seedIdentity(before.lab, before.sandbox), seedIdentity(after.lab, after.sandbox)];
  const [fingerprint, oldFingerprint] = [rest(current, after, identity), before && oldIdentity && rest(old, before, oldIdentity)];
  if (fingerprint === undefined || oldFingerprint === undefined || !oldIdentity || !isSameInstance(oldIdentity, identity)) return "rerun";
  return fingerprint === oldFingerprint ? "swapped" : "secret";
}

/** The fingerprint in a seed's file name; undefined if it is not the seed of this sandbox. */
function rest(file: string, { sandbox }: Placed, identity: SeedIdentity): string | undefined {
  const [start = "", end = ""] = seedFileName(sandbox, identity, "\0").split("\0");
  return file.startsWith(start) && file.endsWith(end) ? file.slice(start.length, file.length - end.length) : undefined;
}
