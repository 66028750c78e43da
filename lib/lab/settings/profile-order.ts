import { didYouMean } from "../did-you-mean.ts";
import { entryOf } from "../entry-of.ts";
import type { Path, Report } from "../path.ts";
import type { WrittenLab } from "../written-lab.ts";

/**
 * The profiles that apply, lowest priority first: each one's own profiles come before it, and each counts once, at its first place.
 *
 * Reports `UNKNOWN_PROFILE` and `PROFILE_CYCLE`.
 *
 * @param named what the `profiles` key at `path` says
 */
export function profileOrder(lab: WrittenLab, named: string | readonly string[] | undefined, path: Path, report: Report): string[] {
  const order: string[] = [];
  const open: string[] = [];
  const visit = (names: string | readonly string[] | undefined, at: Path): void => {
    if (names === undefined) return;
    for (const [index, name] of (typeof names === "string" ? [names] : names).entries()) {
      const here = typeof names === "string" ? at : [...at, index];
      if (open.includes(name)) {
        report({
          code: "PROFILE_CYCLE",
          severity: "error",
          path: here,
          summary: `profile "${name}" inherits from itself: ${[...open.slice(open.indexOf(name)), name].join(" → ")}`,
          nextStep: "Take one of them out of the other's `profiles`.",
        });
        continue;
      }
      if (order.includes(name)) continue;
      const profile = entryOf(lab.profiles, name);
      if (profile === undefined) {
        report({
          code: "UNKNOWN_PROFILE",
          severity: "error",
          path: here,
          summary: `profile "${name}" is not declared`,
          nextStep: didYouMean(name, Object.keys(lab.profiles ?? {}), "profiles"),
        });
        continue;
      }
      open.push(name);
      visit(profile.profiles, ["profiles", name, "profiles"]);
      open.pop();
      order.push(name);
    }
  };
  visit(named, path);
  return order;
}
