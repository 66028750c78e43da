import leven from "leven";

/**
 * The candidate that was most likely meant, for "did you mean": the same but for case, `-` and `_`, or few typing errors away.
 *
 * @returns undefined if none is near: a wild guess is worse than none
 */
export function closest(written: string, candidates: readonly string[]): string | undefined {
  const plain = bare(written);
  const same = candidates.find((candidate) => bare(candidate) === plain);
  if (same !== undefined) return same;
  const limit = Math.max(1, Math.floor(plain.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const candidate of candidates) {
    // Beyond the maximum leven answers with the maximum itself.
    const distance = leven(plain, bare(candidate), { maxDistance: limit + 1 });
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, "");
}
