import { sortedByKey } from "../sorted-by-key.ts";
import { keptFormer, type FormerSandbox, type LabLock } from "./lab-lock.ts";

/**
 * The removed sandboxes that the lock goes on to know: those that just left it, and those from before, up to `keptFormer`. One that comes back is none any more. Pure.
 *
 * @param now names of the sandboxes that are there
 * @returns undefined where there are none
 */
export function formerSandboxes(before: LabLock | undefined, now: ReadonlySet<string>): LabLock["former"] {
  if (before === undefined) return undefined;
  const kept = Object.entries(before.former ?? {}).filter(([name]) => !now.has(name));
  const next = Math.max(0, ...Object.values(before.former ?? {}).map(({ removed }) => removed)) + 1;
  const gone = Object.entries(before.sandboxes)
    // What nobody was given is nothing to keep; a sandbox's own network has a block that only its own name leads to.
    .map(([name, { addresses }]) => [name, withoutOwn(name, addresses, before)] as const)
    .filter(([name, addresses]) => !now.has(name) && Object.keys(addresses).length > 0)
    .map(([name, addresses]): [string, FormerSandbox] => [name, { removed: next, addresses }]);
  const all = [...kept, ...gone].toSorted(([one, a], [other, b]) => b.removed - a.removed || (one < other ? -1 : 1)).slice(0, keptFormer);
  return all.length === 0 ? undefined : sortedByKey(Object.fromEntries(all), (former) => former);
}

function withoutOwn(
  name: string,
  addresses: LabLock["sandboxes"][string]["addresses"],
  { networks }: LabLock,
): LabLock["sandboxes"][string]["addresses"] {
  return Object.fromEntries(Object.entries(addresses).filter(([network]) => network !== name || networks[network]?.own !== true));
}
