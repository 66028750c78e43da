import { lossText } from "./loss-text.ts";
import type { Deviation } from "./review.ts";
import type { Verdicts } from "./verdicts.ts";

/**
 * Where a plan of what runs says something else than the base leads to expect: the host was changed by hand, an apply is missing, or another version was applied than the base.
 *
 * @param expected the verdicts of the two labs
 */
export function deviationsOf(expected: Verdicts, planned: Verdicts): Deviation[] {
  const names = (kind: "sandboxes" | "networks"): string[] => [...new Set([...expected[kind], ...planned[kind]].map(keyOf))];
  const sandboxes = names("sandboxes").flatMap((key): Deviation[] => {
    const [was, is] = [expected, planned].map(({ sandboxes: all }) => {
      const found = all.find((one) => keyOf(one) === key);
      const lost = found && found.losses.length > 0 ? `, loses ${found.losses.map(lossText).join(", ")}` : "";
      return `${found?.word ?? "none"}${lost}`;
    }) as [string, string];
    return was === is ? [] : [{ object: `sandbox ${key}`, expected: was, planned: is }];
  });
  const networks = names("networks").flatMap((key): Deviation[] => {
    const [was, is] = [expected, planned].map(({ networks: all }) => all.find((one) => keyOf(one) === key)?.word ?? "none") as [
      string,
      string,
    ];
    return was === is ? [] : [{ object: `network ${key}`, expected: was, planned: is }];
  });
  return [...sandboxes, ...networks];
}

const keyOf = ({ name, host }: { readonly name: string; readonly host: string }): string => `${name} on ${host}`;
