import type { Owner } from "./hypervisor.ts";

/** True if an object with one as its metadata needs nothing to have the other: the order of labels means nothing. */
export function sameOwner(from: Owner, to: Owner): boolean {
  const keys = Object.keys(from.labels);
  return (
    from.deployment === to.deployment &&
    from.lab === to.lab &&
    from.name === to.name &&
    from.provider === to.provider &&
    keys.length === Object.keys(to.labels).length &&
    keys.every((key) => Object.hasOwn(to.labels, key) && from.labels[key] === to.labels[key])
  );
}
