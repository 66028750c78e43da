import { worstFirst } from "./forms/words.ts";
import type { LabReview, NetworkReview, Review, SandboxReview } from "./review.ts";

/** A sandbox and the lab that it is in. */
export interface InLab<T> {
  readonly lab: LabReview;
  readonly item: T;
}

/** What happens to sandboxes, worst first; untouched ones left out. */
export function changedSandboxes(labs: readonly LabReview[]): InLab<SandboxReview>[] {
  const rank = ({ item }: InLab<SandboxReview>): number => (item.losses.length > 0 ? 0 : 1 + worstFirst.indexOf(item.word));
  return labs.flatMap((lab) => lab.sandboxes.filter(isChanged).map((item) => ({ lab, item }))).toSorted((a, b) => rank(a) - rank(b));
}

function isChanged({ word, losses }: SandboxReview): boolean {
  return word !== "none" || losses.length > 0;
}

/** What happens to networks; a sandbox's own one is left out where it comes and goes with the sandbox. */
export function changedNetworks(lab: LabReview): NetworkReview[] {
  const comings = new Set(lab.sandboxes.filter(({ word }) => ["create", "destroy", "rebuild"].includes(word)).map(({ name }) => name));
  return lab.networks.filter(
    ({ word, ownedBy }) => word !== "none" && !((word === "create" || word === "destroy") && ownedBy !== undefined && comings.has(ownedBy)),
  );
}

/** True if anything at all would be done. */
export function hasChanges({ labs }: Pick<Review, "labs">): boolean {
  return labs.some((lab) => lab.sandboxes.some(isChanged) || lab.networks.some(({ word }) => word !== "none") || lab.others.length > 0);
}

/** The sum in one line: `2 sandboxes lose data; 1 to destroy, 2 to rebuild, 1 network replaced`. */
export function totalsText(review: Pick<Review, "labs">): string {
  const changed = changedSandboxes(review.labs).map(({ item }) => item);
  const losing = changed.filter(({ losses }) => losses.length > 0).length;
  const verbs = worstFirst.flatMap((word) => {
    const count = changed.filter((sandbox) => sandbox.word === word).length;
    return count === 0 || word === "none" ? [] : [`${count} to ${word}`];
  });
  const replaced = review.labs.flatMap(changedNetworks).filter(({ word }) => word === "replaced").length;
  if (replaced > 0) verbs.push(`${replaced} network${replaced === 1 ? "" : "s"} replaced`);
  const other = review.labs.flatMap(changedNetworks).length - replaced;
  if (other > 0) verbs.push(`${other} network${other === 1 ? "" : "s"} changed`);
  const invalid = review.labs.filter(({ change }) => change === "invalid").length;
  if (invalid > 0) verbs.push(`${invalid} lab${invalid === 1 ? "" : "s"} in error`);
  const sum = verbs.length === 0 ? "no sandbox is touched" : verbs.join(", ");
  return losing === 0 ? sum : `${losing} sandbox${losing === 1 ? " loses" : "es lose"} data; ${sum}`;
}
