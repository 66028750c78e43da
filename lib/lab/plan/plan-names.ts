import { entryOf } from "../entry-of.ts";
import type { LabLock, LockedNetwork } from "../lock/lab-lock.ts";
import { bridgeName } from "./bridge-name.ts";
import { macPrefix } from "./mac.ts";
import type { NetworkRequest } from "./plan-requests.ts";

/** What a network is called where names are short. */
export interface NetworkNames {
  readonly bridge: string;
  readonly macPrefix: string;
  /** The prefix is not the one that the network's name gives: the lock has to say it. */
  readonly macPrefixProbed: boolean;
}

/**
 * Gives every network its bridge name and the 16 bits of its MACs, unique in the lab. Networks of the lock come first and keep theirs; where
 * two entries of a merged lock claim the same, the later name gets a new one.
 */
export function planNames(lab: string, requests: readonly NetworkRequest[], lock: LabLock | undefined): Map<string, NetworkNames> {
  const names = new Map<string, NetworkNames>();
  const bridges = new Set<string>();
  const prefixes = new Set<string>();
  const asked = new Map(requests.map(({ name, bridge }) => [name, bridge]));
  const give = (network: string, locked: LockedNetwork | undefined): void => {
    const bridge = firstFree(bridges, (attempt) => bridgeName(lab, network, attempt), asked.get(network) ?? locked?.bridge);
    const natural = macPrefix(lab, network, 0);
    const prefix = firstFree(prefixes, (attempt) => macPrefix(lab, network, attempt), locked?.macPrefix);
    names.set(network, { bridge, macPrefix: prefix, macPrefixProbed: prefix !== natural });
  };
  const sorted = requests.map(({ name }) => name).sort();
  const isLocked = (name: string): boolean => entryOf(lock?.networks, name) !== undefined;
  for (const name of sorted.filter(isLocked)) give(name, entryOf(lock?.networks, name));
  for (const name of sorted.filter((name) => !isLocked(name))) give(name, undefined);
  return names;
}

function firstFree(taken: Set<string>, candidate: (attempt: number) => string, preferred: string | undefined): string {
  let name = preferred ?? candidate(0);
  for (let attempt = 0; taken.has(name); attempt++) name = candidate(attempt);
  taken.add(name);
  return name;
}
